#include "pipeline/plan/subjects/subject_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::uint64_t kMostHidden = 1'000'000'000;

}  // namespace

std::string key_of(const Subject& subject) {
  std::string key = fold_case(subject.login);
  if (subject.resource != kRepositoriesId) key += fmt::format("\n{}", subject.resource);
  return key;
}

const KnownPage* SubjectState::known_page(const Request& request) const {
  const auto known = std::ranges::find(subject.pages, request.page, &KnownPage::number);
  const bool is_known = known != subject.pages.end() && known->target == request.target;
  return is_known ? &*known : nullptr;
}

void SubjectState::make_conditional(Request& request, std::string_view identity) const {
  request.etag.clear();
  if (request.kind != RequestKind::page) return;
  const KnownPage* const known = known_page(request);
  if (known == nullptr || known->principal != identity) return;
  request.etag = known->etag;
  request.next = known->next;
  request.last_known = subject.pages.back().number;
}

bool SubjectState::expects_records(const Request& request) const {
  if (request.page <= 1) return subject.known_records > 0;
  if (request.is_extra) return false;
  const KnownPage* const known = known_page(request);
  return known == nullptr || known->records > 0;
}

void SubjectState::lack(std::string_view why) {
  --missing;
  lacks_pages = true;
  if (listing.incomplete.empty()) listing.incomplete = "incompletely listed: " + std::string(why);
}

std::optional<std::int64_t> SubjectState::owner() const {
  for (const Page& page : listing.pages) {
    const Fields fields = page.rows.fields();
    const auto id = std::ranges::find(fields, Role::account_id, &Field::role);
    const auto login = std::ranges::find(fields, Role::account_login, &Field::role);
    if (id == fields.end() || login == fields.end() || page.rows.rows() == 0) continue;
    const auto cell = [&](auto field) {
      return page.rows.at(0, static_cast<std::size_t>(field - fields.begin()));
    };
    const CellView name = cell(login);
    const auto* text = std::get_if<std::string_view>(&name);
    if (text == nullptr || !equal_ignoring_case(*text, listing.login)) continue;
    const CellView number = cell(id);
    if (const auto* owner = std::get_if<std::int64_t>(&number)) return *owner;
  }
  return std::nullopt;
}

bool SubjectState::shows_nothing_of(std::int64_t account) const {
  if (is_identified) return listing.account != account;
  if (const auto own = owner()) return *own != account;
  bool has_rows = false;
  for (const Page& page : listing.pages) {
    if (page.state == PageState::not_modified) return false;
    const Fields fields = page.rows.fields();
    const auto id = std::ranges::find(fields, Role::account_id, &Field::role);
    for (std::size_t row = 0; row < page.rows.rows() && id != fields.end(); ++row) {
      const auto owner_id = page.rows.at(row, static_cast<std::size_t>(id - fields.begin()));
      if (owner_id == CellView(account)) return false;
      has_rows = true;
    }
  }
  return has_rows || listing.came_empty;
}

Status SubjectState::add(Page page, std::string_view identity) {
  if (page.state == PageState::not_modified) {
    const auto known = std::ranges::find(subject.pages, page.number, &KnownPage::number);
    page.not_modified_records = known == subject.pages.end() ? 0 : known->records;
    if (known != subject.pages.end() && known->next == page.validator.next)
      page.validator.next.clear();
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

std::size_t SubjectState::forget_pages() {
  listing.pages.clear();
  return std::exchange(pages, 0);
}

std::size_t SubjectState::start_over() {
  ++generation;
  missing = 1;
  lacks_pages = false;
  listing.incomplete.clear();
  listing.came_empty = false;
  total.reset();
  return forget_pages();
}

namespace {

std::uint64_t records_on(const Page& page) {
  return page.rows.rows() + page.not_modified_records + page.dropped_ids.size() +
         static_cast<std::uint64_t>(page.skipped);
}

}  // namespace

bool SubjectState::shows_nothing() const {
  const auto is_empty = [](const Page& page) { return records_on(page) == 0; };
  return total.value_or(0) > 0 && !lacks_pages && std::ranges::all_of(listing.pages, is_empty);
}

void SubjectState::count_hidden() {
  std::uint64_t shown = 0;
  for (const Page& page : listing.pages) shown += records_on(page);
  if (listing.pages.empty() || total.value_or(0) <= shown) return;
  const std::uint64_t hidden = std::min<std::uint64_t>(*total - shown, kMostHidden);
  listing.pages.back().unnamed_skips += static_cast<int>(hidden);
}

void SubjectState::conclude() {
  if (listing.login.empty()) listing.outcome = Outcome::abandoned;  // no user, see Listing
  if (listing.outcome == Outcome::abandoned) {
    listing.pages.clear();
    listing.incomplete.clear();
  }
  if (is_listing() && lacks_pages) listing.outcome = Outcome::failed;
  std::ranges::sort(listing.pages, {}, &Page::number);
  const auto kept = [](const Page& page) { return page.state == PageState::not_modified; };
  const bool is_listed = is_listing() && !listing.pages.empty();
  if (is_listed && std::ranges::all_of(listing.pages, kept)) listing.outcome = Outcome::unchanged;
  if (!listing.incomplete.empty() && listing.error.empty()) {
    listing.error = listing.login + ": " + listing.incomplete;
  }
  listing.is_second_reading = is_second;
}

SubjectState& SubjectTable::add(std::string key) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  const bool is_new = slots_by_key_.emplace(key, index).second;
  assert(is_new);
  static_cast<void>(is_new);
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.state.emplace();
  slot.state->handle = {index, ++slot.generation};
  slot.state->listing.subject = slot.state->handle;
  slot.state->key = std::move(key);
  return *slot.state;
}

SubjectState& SubjectTable::at(SubjectHandle handle) {
  Slot& slot = slots_.at(handle.index);
  if (slot.generation != handle.generation || !slot.state) {
    throw std::out_of_range("a task of a subject that is not under way");
  }
  return *slot.state;
}

SubjectState* SubjectTable::find(std::string_view key) {
  const auto found = slots_by_key_.find(std::string(key));
  return found == slots_by_key_.end() ? nullptr : &*slots_[found->second].state;
}

bool SubjectTable::contains(std::string_view key) const {
  return slots_by_key_.contains(std::string(key));
}

void SubjectTable::remove(SubjectHandle handle) {
  slots_by_key_.erase(at(handle).key);
  empty(handle.index);
}

void SubjectTable::clear() {
  slots_by_key_.clear();
  for (std::uint32_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].state) empty(index);
  }
}

void SubjectTable::empty(std::uint32_t index) {
  slots_[index].state.reset();
  free_.push_back(index);
}

}  // namespace repopipe
