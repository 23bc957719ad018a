#include "storage/store/sqlite_store.h"

#include <string>
#include <utility>

namespace repopipe {
namespace {

// A run that goes on has written some.
Result<RunInterval> span_of(Database& database, std::int64_t run_id) {
  auto statement = database.prepare(
      "SELECT started_at, (SELECT max(settled_at) FROM run_users WHERE run_id = ?1) "
      "FROM runs WHERE id = ?1");
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(run_id).step();
  if (!row) return fail(row.error());
  if (!*row) return fail(FailureKind::internal, "there is no run " + std::to_string(run_id));
  return RunInterval(std::string(statement->text(0)), std::string(statement->text(1)));
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(Database& database, std::int64_t run_id,
                                                       Fields fields, const Clock& clock) {
  auto span = span_of(database, run_id);
  if (!span) return fail(span.error());
  Preparation prepare(database);
  std::unique_ptr<SqliteStore> store(
      new SqliteStore(database, prepare, run_id, std::move(*span), fields, clock));
  if (!prepare.status()) return fail(prepare.status().error());
  return store;
}

SqliteStore::SqliteStore(Database& database, Preparation& prepare, std::int64_t run_id,
                         RunInterval span, Fields fields, const Clock& clock)
    : database_(database),
      clock_(clock),
      columns_(fields),
      span_(std::move(span)),
      users_(prepare, run_id, span_, columns_),
      log_(prepare, run_id) {}

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
  const std::string now = to_iso8601(listing.settled_at);
  span_.reach(now);
  const auto applied = complete(listing, now);
  if (!applied) return fail(applied.error());
  const bool handed_over = listing.handed_over != Time{};
  const Duration waited = handed_over ? begun - listing.handed_over : Duration{};
  auto told = log_.settled(listing, *applied, listing.queued + waited, clock_.now() - begun, now);
  if (!told) return fail(told.error());
  return Stored{listing.login, applied->outcome, applied->seen, applied->must_reread};
}

Result<Applied> SqliteStore::complete(const Listing& listing, std::string_view now) {
  switch (listing.outcome) {
    case Outcome::ok:
      return users_.apply(listing, now);
    case Outcome::unchanged:
      return users_.confirm(listing, now);
    case Outcome::failed:
      return listing.pages.empty() ? users_.miss(listing, now) : users_.apply(listing, now);
    case Outcome::not_found:
    case Outcome::renamed:
    case Outcome::blocked:
    case Outcome::abandoned:
      break;
  }
  return users_.miss(listing, now);
}

}  // namespace repopipe
