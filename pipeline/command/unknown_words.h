// Commands and options that do not exist, and what somebody may have meant by them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace repopipe {

// `words` are the command line behind the program's name.  Makes options of `help`, `help COMMAND`
// and `version`.
std::vector<std::string> with_options_for_help(std::vector<std::string> words);

// The first command or option that `app` does not have, and the nearest one.  Never shows what
// stands behind an option: it may be a token.  Nothing: all are known.
std::optional<std::string> complaint_about_words(const CLI::App& app,
                                                 const std::vector<std::string>& words);

}  // namespace repopipe
