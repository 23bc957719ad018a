// Who holds the lock of a file, as far as this machine tells (proc(5), /proc/locks).
#pragma once

#include <sys/stat.h>

#include <string>

namespace repopipe {

// "process 123, begun 2026-11-27T03:00:00Z"; empty: nobody that can be seen.
std::string lock_holder(const struct stat& file);

}  // namespace repopipe
