// The form of a GitHub login, and what people write instead.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// Letters, digits, hyphens and underscores (managed users have them), 1 to 39 characters, no hyphen
// first; a hyphen last is legal in old accounts; "[bot]" may follow.
bool is_login(std::string_view text);

// Nothing when `text` is a login; else what is wrong and what to write, as one line.
std::optional<std::string> complaint_about_login(std::string_view text);

}  // namespace repopipe
