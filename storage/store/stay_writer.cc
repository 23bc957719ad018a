#include "storage/store/stay_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/model/run.h"

namespace repopipe {
namespace {

constexpr std::string_view kLogins =
    "SELECT u.login FROM {table} m JOIN users u ON u.id = m.{key} "
    "WHERE m.{parent} = ?1 AND m.until IS NULL ORDER BY m.{key}";

}  // namespace

StayWriter::StayWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                       const ResourceColumns& columns, double most_vanished)
    : columns_(columns),
      span_(span),
      most_vanished_(most_vanished),
      is_account_(columns.fields[columns.id].role == Role::account_id),
      accounts_(prepare, run_id, span),
      listings_(prepare, columns),
      table_(prepare, run_id, span, columns),
      logins_(prepare(sql_for(columns, kLogins))) {}

Result<Applied> StayWriter::apply(const Listing& listing, std::string_view now) {
  now_ = now;
  const auto known = listings_.find(listing.login);
  if (!known) return fail(known.error());
  Applied applied{listing.outcome};
  applied.account = listing.account ? listing.account : known->account;
  applied.is_second = listing.is_second_reading;
  if (!applied.account) {
    return fail(FailureKind::internal, "the number of the account that was listed is not known");
  }
  parent_ = *applied.account;
  Status done = gather(listing);
  if (done) done = load_unchanged(listing);
  if (!done) return fail(done.error());
  auto open = table_.open(parent_);
  if (!open) return fail(open.error());
  stays_ = std::move(*open);
  find_missing(listing);
  applied.seen = rows_.size() + unchanged_.size();
  if (too_many_vanished({columns_.table, stays_.size(), missing_.size()}, most_vanished_)) {
    applied.outcome = Outcome::failed;
    applied.refused = fmt::format(
        "{}: {} of {} known {} are missing, more than run.max_vanished allows; the last known ones "
        "are used. If they have left: --set run.max_vanished=1",
        listing.login, missing_.size(), stays_.size(), columns_.table);
    applied.seen = 0;
    done = add_accounts(applied);
    if (!done) return fail(done.error());
    return applied;
  }
  return take(listing, *known, std::move(applied));
}

Result<Applied> StayWriter::confirm(const Listing& listing, std::string_view now) {
  return apply(listing, now);
}

// The stays of the account do not change: it is unknown who has left.
Result<Applied> StayWriter::miss(const Listing& listing, std::string_view now) {
  now_ = now;
  Applied applied{listing.outcome};
  applied.is_second = listing.is_second_reading;
  const auto known = listings_.find(listing.login);
  if (!known) return fail(known.error());
  Status done = note_renamed(listing);
  if (done && listing.came_empty) done = listings_.remember(listing, {}, now);
  const auto account = listing.account ? listing.account : known->account;
  if (done && account) {
    parent_ = *account;
    done = add_accounts(applied);
  }
  if (!done) return fail(done.error());
  return applied;
}

Result<Applied> StayWriter::take(const Listing& listing, const KnownListing& known,
                                 Applied applied) {
  const bool is_list = listing.outcome == Outcome::ok && listing.incomplete.empty();
  Status done = see_parent(listing, applied);
  if (done) done = write_rows(applied);
  if (done) done = restore_unchanged(applied);
  if (done && is_list) done = listings_.replace(listing, parent_, known, now_);
  if (done && !is_list && listing.outcome == Outcome::unchanged) {
    done = listings_.confirm(listing, known);
  } else if (done && !is_list) {
    done = listings_.remember(listing, parent_, now_);
  }
  if (done) done = end_missing(listing, applied);
  if (listing.is_second_reading) count_first_reading(applied);
  if (done && !applied.must_reread) done = add_accounts(applied);
  if (!done) return fail(done.error());
  return applied;
}

Status StayWriter::gather(const Listing& listing) {
  rows_.clear();
  for (const Page& page : listing.pages) {
    for (std::size_t row = 0; row < page.rows.rows(); ++row) {
      const RowView view{&page.rows, row};
      const CellView id = view[columns_.id];
      if (!std::holds_alternative<std::int64_t>(id)) {
        return fail(FailureKind::internal, "a row lacks its id");
      }
      rows_.push_back({std::get<std::int64_t>(id), view});
    }
  }
  std::ranges::sort(rows_, [](const Row& left, const Row& right) {
    return std::tie(left.id, left.row.batch, left.row.row) <
           std::tie(right.id, right.row.batch, right.row.row);
  });
  const auto same = [](const Row& left, const Row& right) { return left.id == right.id; };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
  return {};
}

Status StayWriter::load_unchanged(const Listing& listing) {
  unchanged_.clear();
  is_whole_ = true;
  for (const Page& page : listing.pages) {
    if (page.state == PageState::read) continue;
    const auto stored = listings_.add_records(listing.login, page.number, unchanged_);
    if (!stored) return fail(stored.error());
    is_whole_ = is_whole_ && *stored;
  }
  std::ranges::sort(unchanged_);
  unchanged_.erase(std::unique(unchanged_.begin(), unchanged_.end()), unchanged_.end());
  std::erase_if(unchanged_, [this](std::int64_t id) {
    const auto row = std::ranges::lower_bound(rows_, id, {}, &Row::id);
    return row != rows_.end() && row->id == id;
  });
  return {};
}

bool StayWriter::is_listed(std::int64_t id) const {
  if (std::ranges::binary_search(unchanged_, id)) return true;
  return std::ranges::binary_search(rows_, id, {}, &Row::id);
}

const Stay* StayWriter::present(std::int64_t id) const {
  const auto stay = std::ranges::lower_bound(stays_, id, {}, &Stay::id);
  return stay != stays_.end() && stay->id == id ? &*stay : nullptr;
}

// None if the list may be incomplete, or if a page or record of it is unknown.
void StayWriter::find_missing(const Listing& listing) {
  missing_.clear();
  const bool is_list = listing.outcome == Outcome::ok || listing.outcome == Outcome::unchanged;
  const auto is_unnamed = [](const Page& page) { return page.unnamed_skips > 0; };
  if (!is_list || !is_whole_ || !listing.incomplete.empty()) return;
  if (std::ranges::any_of(listing.pages, is_unnamed)) return;
  for (const Stay& stay : stays_) {
    const auto skips_it = [&stay](const Page& page) {
      return std::ranges::count(page.skipped_ids, stay.id) > 0 ||
             std::ranges::count(page.dropped_ids, stay.id) > 0;
    };
    if (is_listed(stay.id) || std::ranges::any_of(listing.pages, skips_it)) continue;
    missing_.push_back(&stay);
  }
}

Status StayWriter::note_renamed(const Listing& listing) {
  const auto& renamed = listing.renamed_account;
  return renamed ? accounts_.renamed(renamed->id, renamed->login, now_) : Status{};
}

// Updates the account that was listed.  After a redirect, it has another login.
Status StayWriter::see_parent(const Listing& listing, Applied& applied) {
  if (auto noted = note_renamed(listing); !noted) return noted;
  const auto login = accounts_.login_of(parent_);
  if (!login) return fail(login.error());
  if (!*login) return accounts_.seen(parent_, listing.login, CellView{}, now_);
  if (!equal_ignoring_case(**login, listing.login)) {
    if (!listing.moved) return accounts_.renamed(parent_, listing.login, now_);
    applied.outcome = Outcome::renamed;
    applied.renamed_to = **login;
  }
  const bool is_read = !rows_.empty();
  return is_read ? accounts_.seen_again(parent_, now_) : accounts_.confirmed(parent_);
}

Status StayWriter::write_rows(Applied& applied) {
  for (const Row& row : rows_) {
    if (auto seen = see_record(row.row, row.id); !seen) return seen;
    if (const Stay* stay = present(row.id)) {
      const auto changed = table_.update(*stay, row.row, now_);
      if (!changed) return fail(changed.error());
      applied.changed += *changed ? 1 : 0;
    } else {
      if (auto begun = table_.begin(parent_, row.id, row.row, now_); !begun) return begun;
      ++applied.added;
    }
  }
  return {};
}

Status StayWriter::see_record(const RowView& row, std::int64_t id) {
  if (!is_account_) return {};
  const CellView login = row[columns_.account_login];
  const auto* text = std::get_if<std::string_view>(&login);
  if (text == nullptr) return fail(FailureKind::internal, "a row lacks its login");
  const auto& kind = columns_.account_kind;
  return accounts_.seen(id, *text, kind ? row[*kind] : CellView{}, now_);
}

// Begins a stay for records that are on an unchanged page although their stay has ended.
Status StayWriter::restore_unchanged(Applied& applied) {
  for (const std::int64_t id : unchanged_) {
    if (present(id) != nullptr) continue;
    const auto begun = table_.begin_again(parent_, id, now_);
    if (!begun) return fail(begun.error());
    applied.added += *begun ? 1 : 0;
  }
  return {};
}

// Records that only the second reading lacks stay undecided: the next run reads the list in full.
Status StayWriter::end_missing(const Listing& listing, Applied& applied) {
  if (missing_.empty()) return {};
  const bool is_one_page = listing.pages.size() <= 1;
  applied.must_reread = !is_one_page && !listing.is_second_reading;
  if (applied.must_reread) return touch_unchanged();
  for (const Stay* stay : missing_) {
    Status done;
    if (!is_one_page && stay->seen_this_run) {
      done = listings_.read_anew(listing.login);
    } else {
      done = table_.end(*stay, now_);
      ++applied.ended;
    }
    if (!done) return done;
  }
  return {};
}

// The first reading is not logged (see RunLog::settled), so its additions count here.
void StayWriter::count_first_reading(Applied& applied) const {
  const auto is_new = [this](const Stay& stay) { return span_.has(stay.since); };
  applied.added += static_cast<std::uint64_t>(std::ranges::count_if(stays_, is_new));
  const bool has_changed = applied.added > 0 || applied.ended > 0;
  if (applied.outcome == Outcome::unchanged && has_changed) applied.outcome = Outcome::ok;
}

// So that the second reading knows the records that the first one has seen.
Status StayWriter::touch_unchanged() {
  for (const std::int64_t id : unchanged_) {
    const Stay* stay = present(id);
    if (stay == nullptr) continue;
    if (auto touched = table_.touch(*stay, now_); !touched) return touched;
  }
  return {};
}

Status StayWriter::add_accounts(Applied& applied) {
  if (!is_account_) return {};
  const Rewind rewind(logins_);
  logins_.bind(parent_);
  for (;;) {
    const auto row = logins_.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    applied.accounts.emplace_back(logins_.text(0));
  }
}

}  // namespace repopipe
