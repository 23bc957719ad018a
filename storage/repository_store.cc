#include "storage/repository_store.h"

#include <string>
#include <utility>

namespace repopipe {
namespace {

Result<std::string> start_of(Database& database, std::int64_t run_id) {
  auto statement = database.prepare("SELECT started_at FROM runs WHERE id = ?1");
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(run_id).step();
  if (!row) return fail(row.error());
  if (!*row) return fail(FailureKind::internal, "there is no run " + std::to_string(run_id));
  return std::string(statement->text(0));
}

}  // namespace

Result<std::unique_ptr<RepositoryStore>> RepositoryStore::open(Database& database,
                                                               std::int64_t run_id, Fields fields,
                                                               const Clock& clock) {
  auto started = start_of(database, run_id);
  if (!started) return fail(started.error());
  Preparation prepare(database);
  std::unique_ptr<RepositoryStore> store(
      new RepositoryStore(database, prepare, run_id, std::move(*started), fields, clock));
  if (!prepare.status()) return fail(prepare.status().error());
  return store;
}

RepositoryStore::RepositoryStore(Database& database, Preparation& prepare, std::int64_t run_id,
                                 std::string run_started, Fields fields, const Clock& clock)
    : database_(database),
      clock_(clock),
      columns_(fields),
      repos_(prepare, run_id, std::move(run_started), columns_),
      log_(prepare, run_id) {}

Result<std::vector<Stored>> RepositoryStore::write(std::span<const Listing> listings) {
  auto transaction = Transaction::begin(database_, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  std::vector<Stored> all;
  all.reserve(listings.size());
  for (const Listing& listing : listings) {
    auto stored = apply(listing);
    if (!stored) return fail(stored.error().within(listing.login));
    all.push_back(std::move(*stored));
  }
  if (auto committed = transaction->commit(); !committed) return fail(committed.error());
  return all;
}

Result<Stored> RepositoryStore::apply(const Listing& listing) {
  const Time begun = clock_.now();
  if (auto told = log_.exchanges(listing); !told) return fail(told.error());
  if (listing.outcome == Outcome::abandoned) return Stored{listing.login, listing.outcome, 0};
  const std::string now = to_iso8601(listing.settled_at);
  Applied applied;
  if (listing.outcome == Outcome::ok) {
    auto written = repos_.apply(listing, now);
    if (!written) return fail(written.error());
    applied = *written;
  }
  const bool handed_over = listing.handed_over != Time{};
  const Duration waited = handed_over ? begun - listing.handed_over : Duration{};
  auto told = log_.settled(listing, applied, listing.queued + waited, clock_.now() - begun, now);
  if (!told) return fail(told.error());
  return Stored{listing.login, listing.outcome, applied.seen};
}

}  // namespace repopipe
