#include "storage/store/page_validators.h"

#include <algorithm>
#include <charconv>

namespace repopipe {
namespace {

constexpr std::string_view kFindUser =
    "SELECT user_id, empty_since FROM listings WHERE login = ?1 AND resource = {resource}";

// ?6: 1 if the list was empty although records are known.
constexpr std::string_view kReplace = R"sql(
INSERT INTO listings (login, user_id, per_page, read_at, good_runs, empty_since, resource)
VALUES (?1, ?2, nullif(?3, 0), ?4, NOT ?5, iif(?6, ?4, NULL), {resource})
ON CONFLICT (login, resource) DO UPDATE SET user_id = coalesce(excluded.user_id, user_id),
                                  per_page = excluded.per_page,
                                  read_at = excluded.read_at,
                                  good_runs = CASE WHEN ?5 THEN 0
                                                   WHEN per_page IS excluded.per_page
                                                     THEN good_runs + 1
                                                   ELSE 1 END,
                                  empty_since = iif(?6, coalesce(empty_since, ?4), NULL))sql";

constexpr std::string_view kRemember = R"sql(
INSERT INTO listings (login, user_id, empty_since, resource)
VALUES (?1, ?2, iif(?4, ?3, NULL), {resource})
ON CONFLICT (login, resource) DO UPDATE SET empty_since =
  iif(?5, NULL, coalesce(empty_since, excluded.empty_since)))sql";

constexpr std::string_view kHasRows =
    "UPDATE listings SET empty_since = NULL WHERE login = ?1 AND resource = {resource}";

// No principal has this name, so the page has no valid ETag; the ids on it remain known.
constexpr std::string_view kReadAnew =
    "UPDATE pages SET principal = '' WHERE login = ?1 AND resource = {resource}";

constexpr std::string_view kReadAccountAnew =
    "UPDATE pages SET principal = '' "
    "WHERE login = (SELECT login FROM users WHERE id = ?1) AND resource = {resource}";

constexpr std::string_view kCountGoodRun =
    "UPDATE listings SET good_runs = good_runs + 1 WHERE login = ?1 AND resource = {resource}";

constexpr std::string_view kSetNext =
    "UPDATE pages SET next_target = ?3 WHERE login = ?1 AND resource = {resource} AND page = ?2";

constexpr std::string_view kRecordsOf =
    "SELECT repo_ids FROM pages WHERE login = ?1 AND resource = {resource} AND page = ?2";

constexpr std::string_view kAddPage = R"sql(
INSERT OR REPLACE INTO pages (login, page, principal, etag, target, next_target, repo_ids, resource)
VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, ''), ?7, {resource}))sql";

constexpr std::string_view kDropPage =
    "DELETE FROM pages WHERE login = ?1 AND resource = {resource} AND page = ?2";
constexpr std::string_view kDropBeyond =
    "DELETE FROM pages WHERE login = ?1 AND resource = {resource} AND page > ?2";

// Parses the ids in "[1,22,333]", as list_records writes them.
void parse_numbers(std::string_view text, std::vector<std::int64_t>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t number = 0;
    const auto [behind, error] = std::from_chars(at, end, number);
    if (error == std::errc{}) numbers.push_back(number);
    at = error == std::errc{} ? behind : at + 1;
  }
}

}  // namespace

PageValidators::PageValidators(Preparation& prepare, const ResourceColumns& columns)
    : id_field_(columns.id),
      find_(prepare(sql_for(columns, kFindUser))),
      replace_(prepare(sql_for(columns, kReplace))),
      remember_(prepare(sql_for(columns, kRemember))),
      has_rows_(prepare(sql_for(columns, kHasRows))),
      read_anew_(prepare(sql_for(columns, kReadAnew))),
      read_account_anew_(prepare(sql_for(columns, kReadAccountAnew))),
      count_good_run_(prepare(sql_for(columns, kCountGoodRun))),
      set_next_(prepare(sql_for(columns, kSetNext))),
      records_of_(prepare(sql_for(columns, kRecordsOf))),
      add_page_(prepare(sql_for(columns, kAddPage))),
      drop_page_(prepare(sql_for(columns, kDropPage))),
      drop_beyond_(prepare(sql_for(columns, kDropBeyond))) {}

Result<KnownListing> PageValidators::find(std::string_view login) {
  const Rewind rewind(find_);
  const auto row = find_.bind(login).step();
  if (!row) return fail(row.error());
  KnownListing known{*row};
  if (!*row) return known;
  if (!find_.is_null(0)) known.account = find_.integer(0);
  known.was_empty = !find_.is_null(1);
  return known;
}

Result<bool> PageValidators::add_records(std::string_view login, int page,
                                         std::vector<std::int64_t>& records) {
  const Rewind rewind(records_of_);
  const auto row = records_of_.bind(login, page).step();
  if (!row) return fail(row.error());
  if (*row) parse_numbers(records_of_.text(0), records);
  return *row;
}

Status PageValidators::replace(const Listing& listing, std::optional<std::int64_t> account,
                               const KnownListing& known, std::string_view now) {
  const std::string_view login = listing.login;
  const int had_trouble = listing.had_trouble ? 1 : 0;
  const int came_empty = listing.came_empty ? 1 : 0;
  Status done = replace_.bind(login, account, listing.per_page, now, had_trouble, came_empty).run();
  int last = 0;
  for (const Page& page : listing.pages) {
    last = page.number;
    if (done && page.state == PageState::read) done = replace_page(login, page, known);
    if (done && page.state == PageState::not_modified) done = keep_page(login, page);
  }
  return done && known.stored ? drop_beyond_.bind(login, last).run() : done;
}

Status PageValidators::remember(const Listing& listing, std::optional<std::int64_t> account,
                                std::string_view now) {
  const auto has_records = [](const Page& page) {
    return page.rows.rows() > 0 || page.not_modified_records > 0 || page.skipped > 0;
  };
  const int has_rows = std::ranges::any_of(listing.pages, has_records) ? 1 : 0;
  const int came_empty = listing.came_empty ? 1 : 0;
  return remember_.bind(std::string_view(listing.login), account, now, came_empty, has_rows).run();
}

Status PageValidators::read_anew(std::string_view login) {
  return read_anew_.bind(login).run();
}

Status PageValidators::read_anew(std::int64_t account) {
  return read_account_anew_.bind(account).run();
}

Status PageValidators::confirm(const Listing& listing, const KnownListing& known) {
  const auto is_listed = [](const Page& page) { return page.not_modified_records > 0; };
  if (known.was_empty && std::ranges::any_of(listing.pages, is_listed)) {
    auto done = has_rows_.bind(std::string_view(listing.login)).run();
    if (!done) return done;
  }
  if (listing.per_page == 0 || listing.had_trouble) return {};
  return count_good_run_.bind(std::string_view(listing.login)).run();
}

// The next page may change although the page does not.
Status PageValidators::keep_page(std::string_view login, const Page& page) {
  const std::string_view next = page.validator.next;
  return next.empty() ? Status{} : set_next_.bind(login, page.number, next).run();
}

Status PageValidators::replace_page(std::string_view login, const Page& page,
                                    const KnownListing& known) {
  const Validator& how = page.validator;
  if (how.etag.empty() || page.unnamed_skips > 0) {
    return known.stored ? drop_page_.bind(login, page.number).run() : Status{};
  }
  list_records(page);
  return add_page_
      .bind(login, page.number, std::string_view(how.principal), std::string_view(how.etag),
            std::string_view(how.target), std::string_view(how.next), std::string_view(ids_))
      .run();
}

void PageValidators::list_records(const Page& page) {
  ids_ = "[";
  char digits[24];
  const auto add = [&](std::int64_t id) {
    const auto written = std::to_chars(std::begin(digits), std::end(digits), id);
    if (ids_.size() > 1) ids_ += ',';
    ids_.append(digits, written.ptr);
  };
  for (std::size_t row = 0; row < page.rows.rows(); ++row) {
    add(std::get<std::int64_t>(page.rows.at(row, id_field_)));
  }
  for (const std::int64_t id : page.skipped_ids) add(id);
  for (const std::int64_t id : page.dropped_ids) add(id);
  ids_ += ']';
}

}  // namespace repopipe
