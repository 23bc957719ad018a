#include "storage/store/sqlite_store.h"

#include <algorithm>
#include <string>
#include <utility>

#include "pipeline/base/text.h"
#include "storage/store/stay_writer.h"

namespace repopipe {
SubjectWriter::SubjectWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                             const ResourceColumns& columns)
    : accounts_(prepare, run_id, span),
      listings_(prepare, columns),
      records_(prepare, run_id, span, columns, accounts_),
      missing_(prepare, run_id, columns) {}

Result<Applied> SubjectWriter::apply(const Listing& listing, std::string_view now) {
  const auto known = listings_.find(listing.login);
  if (!known) return fail(known.error());
  if (auto loaded = load_not_modified(listing); !loaded) return fail(loaded.error());
  const auto before = account_before(listing, *known);
  if (!before) return fail(before.error());
  unchanged_.account = *before;
  auto applied = records_.apply(listing, unchanged_, now);
  if (!applied) return applied;
  if (listing.outcome == Outcome::failed) applied->outcome = Outcome::failed;
  const bool is_whole = listing.incomplete.empty() && listing.outcome == Outcome::ok;
  Status done = identify(listing, *applied, now);
  if (done && is_whole) done = listings_.replace(listing, applied->account, *known, now);
  if (done && !is_whole) done = listings_.remember(listing, applied->account, now);
  for (const std::int64_t account : records_.take_disputed()) {
    if (done) done = listings_.read_anew(account);
  }
  if (done) done = note_missing(listing, *applied, now);
  if (!done) return fail(done.error());
  return applied;
}

// Records that only the second reading lacks stay undecided: the next run reads the list in full.
Status SubjectWriter::note_missing(const Listing& listing, Applied& applied, std::string_view now) {
  const auto second = missing_.has_unconfirmed(listing.login);
  if (!second) return fail(second.error());
  applied.is_second = *second || listing.is_second_reading;
  const bool tells = listing.incomplete.empty() && listing.outcome == Outcome::ok;
  if (!tells) return {};
  const auto became = missing_.record(listing, records_.missing(listing, unchanged_), now);
  if (!became) return fail(became.error());
  applied.must_reread = *became == Missing::unconfirmed;
  return *became == Missing::new_ones ? listings_.read_anew(listing.login) : Status{};
}

// Loads the records of the unchanged pages.  If the job names a user twice, a page may no longer be
// stored: then only the number of its records is known.
Status SubjectWriter::load_not_modified(const Listing& listing) {
  unchanged_.records.clear();
  unchanged_.unknown = 0;
  unchanged_.whole = true;
  for (const Page& page : listing.pages) {
    if (page.state == PageState::read) continue;
    const auto stored = listings_.add_records(listing.login, page.number, unchanged_.records);
    if (!stored) return fail(stored.error());
    if (*stored) continue;
    unchanged_.whole = false;
    unchanged_.unknown += page.not_modified_records;
  }
  std::ranges::sort(unchanged_.records);
  unchanged_.records.erase(std::unique(unchanged_.records.begin(), unchanged_.records.end()),
                           unchanged_.records.end());
  return {};
}

// Writes what the API reports about the account that the login led to before.
Status SubjectWriter::note_identity(const Listing& listing, Applied& applied,
                                    std::string_view now) {
  if (const auto& renamed = listing.renamed_account) {
    auto told = accounts_.renamed(renamed->id, renamed->login, now);
    if (!told) return told;
  }
  if (!listing.proven_gone) return {};
  const auto login = accounts_.login_of(*listing.proven_gone);
  if (!login) return fail(login.error());
  if (*login) applied.lost = listing.proven_gone;
  return {};
}

// Decides whether the account still has the login.
Status SubjectWriter::identify(const Listing& listing, Applied& applied, std::string_view now) {
  if (auto told = note_identity(listing, applied, now); !told) return told;
  const bool told = !applied.account_login.empty();
  const bool same = told && equal_ignoring_case(applied.account_login, listing.login);
  if (same || (!told && !listing.moved)) return {};
  std::string login_now = applied.account_login;
  if (!told && applied.account) {
    auto login = accounts_.login_of(*applied.account);
    if (!login) return fail(login.error());
    login_now = login->value_or("");
    if (equal_ignoring_case(login_now, listing.login)) return {};  // redirected to the same login
  }
  if (applied.outcome == Outcome::failed) return {};
  applied.outcome = Outcome::renamed;
  applied.renamed_to = std::move(login_now);
  return {};
}

Result<Applied> SubjectWriter::confirm(const Listing& listing, std::string_view now) {
  Applied applied{Outcome::unchanged};
  for (const Page& page : listing.pages) applied.seen += page.not_modified_records;
  const auto known = listings_.find(listing.login);
  if (!known) return fail(known.error());
  const auto account = account_before(listing, *known);
  if (!account) return fail(account.error());
  applied.account = *account;
  unchanged_.account = *account;
  const auto second = missing_.has_unconfirmed(listing.login);
  if (!second) return fail(second.error());
  applied.is_second = *second || listing.is_second_reading;
  Status done = identify(listing, applied, now);
  if (done) done = listings_.confirm(listing, *known);
  if (done && *second) done = missing_.confirm(listing.login);
  if (!done) return fail(done.error());
  // An unchanged empty list does not confirm the account.
  if (!*account || (applied.seen == 0 && !listing.moved)) return applied;
  if (done = accounts_.confirmed(**account); !done) return fail(done.error());
  const auto gone = records_.gone_of(**account);
  if (!gone) return fail(gone.error());
  if (gone->empty()) return applied;
  if (auto loaded = load_not_modified(listing); !loaded) return fail(loaded.error());
  const auto back = records_.bring_back(**account, unchanged_.records, now);
  if (!back) return fail(back.error());
  applied.changed = *back;
  return applied;
}

Result<Applied> SubjectWriter::miss(const Listing& listing, std::string_view now) {
  Applied applied{listing.outcome};
  const auto second = missing_.has_unconfirmed(listing.login);
  if (!second) return fail(second.error());
  applied.is_second = *second || listing.is_second_reading;
  Status done = note_identity(listing, applied, now);
  if (done && listing.came_empty) done = listings_.remember(listing, {}, now);
  if (!done) return fail(done.error());
  return applied;
}

// The account that the login led to before: that of the listing, if the database knows it.
Result<std::optional<std::int64_t>> SubjectWriter::account_before(const Listing& listing,
                                                                  const KnownListing& known) {
  if (!listing.account || listing.account == known.account) return known.account;
  const auto login = accounts_.login_of(*listing.account);
  if (!login) return fail(login.error());
  return *login ? listing.account : known.account;
}

namespace {

// A resumed run has already written times.
constexpr std::string_view kSpan = R"sql(
SELECT started_at, (SELECT max(settled_at)
                    FROM (SELECT settled_at FROM run_users WHERE run_id = ?1
                          UNION ALL SELECT settled_at FROM run_listings WHERE run_id = ?1))
FROM runs WHERE id = ?1)sql";

Result<RunInterval> span_of(Database& database, std::int64_t run_id) {
  auto statement = database.prepare(kSpan);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(run_id).step();
  if (!row) return fail(row.error());
  if (!*row) return fail(FailureKind::internal, "there is no run " + std::to_string(run_id));
  return RunInterval(std::string(statement->text(0)), std::string(statement->text(1)));
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(Database& database, std::int64_t run_id,
                                                       Resources resources, const Clock& clock,
                                                       double most_vanished) {
  auto span = span_of(database, run_id);
  if (!span) return fail(span.error());
  Preparation prepare(database);
  std::unique_ptr<SqliteStore> store(new SqliteStore(database, prepare, run_id, std::move(*span),
                                                     resources, clock, most_vanished));
  if (!prepare.status()) return fail(prepare.status().error());
  return store;
}

SqliteStore::SqliteStore(Database& database, Preparation& prepare, std::int64_t run_id,
                         RunInterval span, Resources resources, const Clock& clock,
                         double most_vanished)
    : database_(database),
      clock_(clock),
      resources_(columns_of(resources)),
      span_(std::move(span)),
      log_(prepare, run_id, resources_) {
  for (const ResourceColumns& columns : resources_) {
    std::unique_ptr<ResourceWriter>& writer = writers_[columns.resource];
    if (columns.is_stay) {
      writer = std::make_unique<StayWriter>(prepare, run_id, span_, columns, most_vanished);
    } else {
      writer = std::make_unique<SubjectWriter>(prepare, run_id, span_, columns);
    }
  }
}

Result<Stored> SqliteStore::add(const Listing& listing) {
  if (!group_) {
    auto begun = Transaction::begin(database_, TransactionKind::write);
    if (!begun) return fail(begun.error());
    group_.emplace(std::move(*begun));
  }
  auto stored = apply(listing);
  if (stored) return stored;
  group_.reset();
  return fail(stored.error().within(listing.login));
}

Status SqliteStore::commit() {
  if (!group_) return {};
  Status committed = group_->commit();
  group_.reset();
  return committed;
}

Result<Stored> SqliteStore::apply(const Listing& listing) {
  const Time begun = clock_.now();
  if (auto told = log_.request_logs(listing); !told) return fail(told.error());
  if (listing.login.empty() || listing.outcome == Outcome::abandoned) {
    return Stored{listing.login, listing.outcome, 0};
  }
  const auto writer = writers_.find(listing.resource);
  if (writer == writers_.end()) return fail(FailureKind::internal, "an unknown resource");
  const std::string now = to_iso8601(listing.settled_at);
  span_.reach(now);
  auto applied = complete(*writer->second, listing, now);
  if (!applied) return fail(applied.error());
  const bool handed_over = listing.handed_over != Time{};
  const Duration waited = handed_over ? begun - listing.handed_over : Duration{};
  auto told = log_.settled(listing, *applied, listing.queued + waited, clock_.now() - begun, now);
  if (!told) return fail(told.error());
  return Stored{listing.login,
                applied->outcome,
                applied->seen,
                applied->must_reread,
                std::move(applied->accounts),
                std::move(applied->refused)};
}

Result<Applied> SqliteStore::complete(ResourceWriter& writer, const Listing& listing,
                                      std::string_view now) {
  switch (listing.outcome) {
    case Outcome::ok:
      return writer.apply(listing, now);
    case Outcome::unchanged:
      return writer.confirm(listing, now);
    case Outcome::failed:
      return listing.pages.empty() ? writer.miss(listing, now) : writer.apply(listing, now);
    case Outcome::not_found:
    case Outcome::renamed:
    case Outcome::blocked:
    case Outcome::abandoned:
      break;
  }
  return writer.miss(listing, now);
}

}  // namespace repopipe
