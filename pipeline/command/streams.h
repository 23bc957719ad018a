// The program's standard streams.  Whatever became of them, the run does its work and its exit code
// tells of it.
#pragma once

#include <string_view>

namespace repopipe {

// Gives 0, 1 and 2 a file where the caller left none, so that no database and no connection becomes
// one of them.  Reading or writing it fails as on a closed stream.  Call it before all else.
void keep_standard_streams();

// To stderr, at once.  What cannot be written is lost: there is nowhere left to say so.
void say(std::string_view text);

// To stdout, at once.  What cannot be written is said on stderr, unless the reader has gone away.
void put_out(std::string_view text);

}  // namespace repopipe
