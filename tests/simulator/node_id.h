// GitHub's global node ids in both current forms: the old one is base64 of "010:Repository601785",
// the new one a prefix and base64 of a MessagePack array.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace repopipe::simulator {

// `type` as GraphQL names it: Repository, User, Organization.
std::string old_node_id(std::string_view type, std::uint64_t id);
std::string new_node_id(std::string_view type, std::uint64_t id);

}  // namespace repopipe::simulator
