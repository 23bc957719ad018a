// The words of logins, repository names, descriptions and topics. Do not change their order or
// number: that changes every name.
#pragma once

#include <array>
#include <string_view>

namespace repopipe::simulator {

// No adjective and no noun is a prefix of another one, so a login can be split again.
extern const std::array<std::string_view, 64> kAdjectives;
extern const std::array<std::string_view, 64> kNouns;

// Subjects of repositories: two of these make a name.
extern const std::array<std::string_view, 64> kThings;
extern const std::array<std::string_view, 64> kRoles;

}  // namespace repopipe::simulator
