#include "tests/simulator/link_header.h"

#include <algorithm>
#include <string_view>

namespace repopipe::simulator {

std::string link_header(const std::string& base_url, std::uint64_t account_id, const Target& target,
                        std::uint64_t last_page) {
  const bool is_members = target.kind == PageKind::members;
  std::string prefix = "<" + base_url + (is_members ? "/organizations/" : "/user/") +
                       std::to_string(account_id) + (is_members ? "/members?" : "/repos?");
  if (!target.parameters.empty()) prefix += target.parameters + "&";
  prefix += "page=";

  std::string header;
  const auto add = [&](std::string_view relation, std::uint64_t page) {
    if (!header.empty()) header += ", ";
    header += prefix + std::to_string(page) + ">; rel=\"";
    header.append(relation).append("\"");
  };
  if (target.page > 1) add("prev", std::min(target.page - 1, last_page));
  if (target.page < last_page) add("next", target.page + 1);
  if (target.page != last_page) add("last", last_page);
  if (target.page > 1) add("first", 1);
  return header;
}

}  // namespace repopipe::simulator
