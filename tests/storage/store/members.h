// Listings of members of organisations, the tests' resource of stays.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {

struct Member {
  std::int64_t id = 0;
  std::string login{};
  std::string role = "member";
};

inline const Owner kAcme{900, "acme"};

Page page_of_members(const std::vector<Member>& members, int number = 1);
// A page with an ETag; `last` is the last page of its listing.
Page read_page_of_members(const std::vector<Member>& members, int number = 1, int last = 1);
// Of members, complete; unchanged if all its pages are.
Listing members_of(const Owner& org, WallTime at, std::vector<Page> pages);
inline Listing members_of(const Owner& org, WallTime at, const std::vector<Member>& members) {
  return members_of(org, at, std::vector<Page>{page_of_members(members)});
}

}  // namespace repopipe
