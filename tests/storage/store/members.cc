#include "tests/storage/store/members.h"

#include <utility>

namespace repopipe {

Page page_of_members(const std::vector<Member>& members, int number) {
  Page page{.number = number, .rows = RecordBatch(member_fields())};
  for (const Member& member : members) {
    page.rows.add_integer(member.id);
    page.rows.add_text(member.login);
    page.rows.add_integer(0);
    page.rows.add_text(member.role);
  }
  return page;
}

Page read_page_of_members(const std::vector<Member>& members, int number, int last) {
  Page page = page_of_members(members, number);
  const std::string target = "/orgs/members?page=";
  page.validator = {"tok", "\"m" + std::to_string(number) + "\"", target + std::to_string(number),
                    number < last ? target + std::to_string(number + 1) : ""};
  return page;
}

Listing members_of(const Owner& org, WallTime at, std::vector<Page> pages) {
  const bool is_empty = pages.empty();
  Listing listing = of_pages(org.login, at, std::move(pages));
  if (is_empty) listing.outcome = Outcome::ok;
  listing.resource = kMembers;
  listing.account = org.id;
  return listing;
}

}  // namespace repopipe
