// The word lists that logins, repository names, descriptions and topics are made of.
// Their order and length are part of the made-up world: changing one changes every name.
#pragma once

#include <array>
#include <string_view>

namespace repopipe::simulator {

// No adjective and no noun is the beginning of another one, so a login can be taken apart again.
extern const std::array<std::string_view, 64> kAdjectives;
extern const std::array<std::string_view, 64> kNouns;

// What repositories are called after: two of these make a name.
extern const std::array<std::string_view, 64> kThings;
extern const std::array<std::string_view, 64> kRoles;

}  // namespace repopipe::simulator
