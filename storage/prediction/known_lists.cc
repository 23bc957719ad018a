#include "storage/prediction/known_lists.h"

#include <algorithm>

#include "pipeline/base/text.h"
#include "storage/query/run_records.h"
#include "storage/schema/resource_columns.h"

namespace repopipe {
namespace {

constexpr std::string_view kPagesOfLists =
    "SELECT login, resource, page, principal, target FROM pages ORDER BY login, resource, page";

constexpr std::string_view kSmallLists =
    "SELECT login, resource FROM listings WHERE per_page IS NOT NULL";

// Oldest first, so that the newest one counts.
constexpr std::string_view kLastRuns = R"sql(
SELECT id FROM runs r WHERE job = ?1 AND status IN ('complete', 'incomplete')
  AND ordinal = (SELECT max(ordinal) FROM runs s
                 WHERE s.job = ?1 AND s.shard IS r.shard AND s.status IN ('complete', 'incomplete'))
ORDER BY ordinal, id)sql";

constexpr std::string_view kLastResults =
    "SELECT login, requests, pages, outcome IN ('ok', 'unchanged') FROM {log} "
    "WHERE run_id = ?1{log_condition}";

// As ResumeFilter decides.
constexpr std::string_view kDone = R"sql(
SELECT login FROM {log} u WHERE run_id = ?1{log_condition}
  AND NOT EXISTS (SELECT 1 FROM {missing} m
                  WHERE m.run_id = ?1 AND m.login = u.login AND m.confirmed = 0))sql";
constexpr std::string_view kDoneStays = "SELECT login FROM {log} WHERE run_id = ?1{log_condition}";

constexpr std::string_view kAccountsOfList = R"sql(
SELECT u.login FROM listings l
JOIN {table} m ON m.{parent} = l.user_id AND m.until IS NULL
JOIN users u ON u.id = m.{key}
WHERE l.login = ?1 AND l.resource = {resource} ORDER BY m.{key})sql";

std::uint32_t number_in(const Statement& row, int column) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(row.integer(column), 0, 1'000'000));
}

class Reader {
 public:
  Reader(Database& database, KnownLists& lists) : database_(database), lists_(lists) {}

  Status read_pages() {
    return each_row(database_, kPagesOfLists, [this](const Statement& row) { add_page(row); });
  }

  Status read_small() {
    return each_row(database_, kSmallLists, [this](const Statement& row) {
      list(row.text(0), static_cast<int>(row.integer(1))).is_small = true;
    });
  }

  Status read_results(const ResourceColumns& columns, std::int64_t run_id) {
    const auto take = [&](const Statement& row) {
      KnownList& known = list(row.text(0), columns.resource);
      known.requests = number_in(row, 1);
      known.listed = number_in(row, 2);
      known.was_listed = row.integer(3) != 0;
    };
    return each_row(database_, sql_for(columns, kLastResults), take, run_id);
  }

  Status read_done(const ResourceColumns& columns, std::int64_t run_id) {
    const std::string sql = sql_for(columns, columns.is_stay ? kDoneStays : kDone);
    const auto take = [&](const Statement& row) {
      list(row.text(0), columns.resource).is_done = true;
    };
    return each_row(database_, sql, take, run_id);
  }

 private:
  KnownList& list(std::string_view login, int resource) {
    return lists_.by_key[hash_of_list(login, resource)];
  }

  void add_page(const Statement& row) {
    KnownList& known = list(row.text(0), static_cast<int>(row.integer(1)));
    if (row.integer(2) != known.pages + 1) return;
    if (++known.pages > 1) return;
    known.principal = index_of(row.text(3));
    known.target = hash_of_target(row.text(4));
    known.path = hash_of_path(row.text(4));
  }

  // There are about as many as tokens.
  std::uint32_t index_of(std::string_view principal) {
    auto& all = lists_.principals;
    const auto found = std::ranges::find(all, principal);
    const auto index = static_cast<std::uint32_t>(found - all.begin());
    if (found == all.end()) all.emplace_back(principal);
    return index;
  }

  Database& database_;
  KnownLists& lists_;
};

Result<std::vector<std::int64_t>> last_runs(Database& database, std::string_view job) {
  std::vector<std::int64_t> ids;
  const Status done = each_row(
      database, kLastRuns, [&ids](const Statement& row) { ids.push_back(row.integer(0)); }, job);
  if (!done) return fail(done.error());
  return ids;
}

}  // namespace

const KnownList* KnownLists::find(std::string_view login, int resource) const {
  const auto found = by_key.find(hash_of_list(login, resource));
  return found == by_key.end() ? nullptr : &found->second;
}

std::uint64_t hash_of_list(std::string_view login, int resource) {
  Fnv1a hash;
  hash.add(fold_case(login));
  hash.add(static_cast<std::uint64_t>(resource));
  return spread(hash.value());
}

std::uint64_t hash_of_target(std::string_view target) {
  Fnv1a hash;
  hash.add(target);
  return spread(hash.value());
}

std::uint64_t hash_of_path(std::string_view target) {
  return hash_of_target(target.substr(0, target.find('?')));
}

Result<KnownLists> read_known_lists(Database& database, Resources resources, std::string_view job,
                                    std::optional<std::int64_t> unfinished) {
  KnownLists lists;
  Reader reader(database, lists);
  Status done = reader.read_pages();
  if (done) done = reader.read_small();
  const auto runs = last_runs(database, job);
  if (!runs) return fail(runs.error());
  for (const ResourceColumns& columns : columns_of(resources)) {
    for (const std::int64_t run_id : *runs) {
      if (done) done = reader.read_results(columns, run_id);
    }
    if (done && unfinished) done = reader.read_done(columns, *unfinished);
  }
  if (!done) return fail(done.error());
  return lists;
}

Result<std::vector<std::string>> read_accounts(Database& database, Resources resources,
                                               const Subject& list) {
  std::vector<std::string> logins;
  for (const ResourceColumns& columns : columns_of(resources)) {
    if (columns.resource != list.resource || !columns.expands) continue;
    const Status done = each_row(
        database, sql_for(columns, kAccountsOfList),
        [&logins](const Statement& row) { logins.emplace_back(row.text(0)); },
        std::string_view(list.login));
    if (!done) return fail(done.error());
  }
  return logins;
}

}  // namespace repopipe
