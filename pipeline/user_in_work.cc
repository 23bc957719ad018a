#include "pipeline/user_in_work.h"

#include <algorithm>
#include <utility>

namespace repopipe {

void UserInWork::make_conditional(Request& request, std::string_view identity) const {
  request.etag.clear();
  if (request.kind != RequestKind::page) return;
  const auto known = std::ranges::find(key.pages, request.page, &KnownPage::number);
  if (known == key.pages.end() || known->principal != identity) return;
  if (known->target != request.target) return;
  request.etag = known->etag;
  request.next = known->next;
  request.last_known = key.pages.back().number;
}

Status UserInWork::add(Page page, std::string_view identity) {
  if (page.state == PageState::kept) {
    const auto known = std::ranges::find(key.pages, page.number, &KnownPage::number);
    page.kept_repos = known == key.pages.end() ? 0 : known->repos;
  }
  const auto same = page.digest == 0 ? listing.pages.end()
                                     : std::ranges::find(listing.pages, page.digest, &Page::digest);
  if (same != listing.pages.end()) {
    return fail(FailureKind::bad_record, listing.login + ": page " + std::to_string(page.number) +
                                             " repeats page " + std::to_string(same->number));
  }
  page.validator.principal = identity;
  listing.pages.push_back(std::move(page));
  ++pages;
  --missing;
  return {};
}

std::size_t UserInWork::forget_pages() {
  listing.pages.clear();
  return std::exchange(pages, 0);
}

std::size_t UserInWork::start_over() {
  ++series;
  missing = 1;
  return forget_pages();
}

void UserInWork::conclude() {
  if (listing.login.empty()) listing.outcome = Outcome::abandoned;  // no user, see Listing
  if (listing.outcome == Outcome::abandoned) listing.pages.clear();
  std::ranges::sort(listing.pages, {}, &Page::number);
  const auto kept = [](const Page& page) { return page.state == PageState::kept; };
  const bool is_listed = is_listing() && !listing.pages.empty();
  if (is_listed && std::ranges::all_of(listing.pages, kept)) listing.outcome = Outcome::unchanged;
}

}  // namespace repopipe
