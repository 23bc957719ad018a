// Repositories and their past.  A row of `repos` is the one that was read last; the intervals of
// `repo_stats` begin where those of either file do.  Where an interval ends, and whether the
// repository is gone, follows from these and from what the runs recorded in `repo_changes`, so that
// it comes out the same in whatever order files are merged.
#include "storage/merge/merge_steps.h"

namespace repopipe {
namespace {

const std::vector<std::string> kOfAllRuns{"id", "first_seen_at", "first_seen_run",
                                          "last_changed_at", "gone_since"};
const std::vector<std::string> kOfInterval{"repo_id", "valid_from", "valid_to"};

// `newer`: the row of `incoming` was read later.  Of those that are not new there are also the
// repositories whose past may come out otherwise: new intervals, and runs in which they vanished.
std::string match_sql(const Columns& read, const Columns& statistics) {
  const auto row = [&](const std::string& prefix) {
    return "(" + prefix + "first_seen_at, " + prefix + "last_changed_at, " + prefix +
           "gone_since, " + read.list(prefix) + ")";
  };
  const auto content = [&](const std::string& prefix) {
    return "(" + prefix + "last_seen_at, " + read.texts(prefix) + ")";
  };
  return "CREATE TEMP TABLE met_repos (id INTEGER PRIMARY KEY, is_new INTEGER NOT NULL DEFAULT 0, "
         "newer INTEGER NOT NULL DEFAULT 0);"
         "INSERT INTO met_repos SELECT i.id, o.id IS NULL, o.id IS NULL OR " +
         content("i.") + " > " + content("o.") +
         " FROM incoming.repos i LEFT JOIN main.repos o ON o.id = i.id WHERE o.id IS NULL OR " +
         row("i.") + " IS NOT " + row("o.") +
         ";INSERT OR IGNORE INTO met_repos (id) SELECT i.repo_id FROM incoming.repo_stats i "
         "LEFT JOIN main.repo_stats o ON o.repo_id = i.repo_id AND o.valid_from = i.valid_from "
         "WHERE o.repo_id IS NULL OR (" +
         statistics.list("i.") + ") IS NOT (" + statistics.list("o.") + R"sql();
INSERT OR IGNORE INTO met_repos (id)
SELECT c.repo_id FROM run_map m CROSS JOIN incoming.repo_changes c
WHERE c.run_id = m.in_id AND m.taken AND c.field = 'gone_since';
INSERT OR IGNORE INTO met_repos (id)
SELECT c.repo_id FROM run_map m CROSS JOIN main.repo_changes c
WHERE c.run_id = m.out_id AND m.taken AND c.field = 'gone_since')sql";
}

// In the order of the rows of `incoming`, which keeps the repositories of an account together.
std::string rows_sql(const Columns& read) {
  return "INSERT INTO main.repos (id, first_seen_at, first_seen_run, last_changed_at, "
         "gone_since, " +
         read.list() +
         ") SELECT i.id, i.first_seen_at, m.out_id, i.last_changed_at, i.gone_since, " +
         read.list("i.") +
         " FROM incoming.repos i CROSS JOIN met_repos t CROSS JOIN run_map m "
         "WHERE t.id = i.id AND m.in_id = i.first_seen_run AND ";
}

std::string first_repos_sql() {
  const std::string earlier = is_earlier("repos");
  return "NOT t.is_new ON CONFLICT (id) DO UPDATE SET "
         "first_seen_at = iif(" +
         earlier +
         ", excluded.first_seen_at, first_seen_at), "
         "first_seen_run = iif(" +
         earlier +
         ", excluded.first_seen_run, first_seen_run), "
         "last_changed_at = max(coalesce(last_changed_at, excluded.last_changed_at), "
         "coalesce(excluded.last_changed_at, last_changed_at))";
}

constexpr const char* kTopics = R"sql(
DELETE FROM main.repo_topics WHERE repo_id IN (SELECT id FROM met_repos WHERE newer AND NOT is_new);
INSERT INTO main.repo_topics (repo_id, topic)
SELECT i.repo_id, i.topic FROM met_repos t CROSS JOIN incoming.repo_topics i
WHERE i.repo_id = t.id AND t.newer)sql";

std::string intervals_sql(const Columns& statistics) {
  return "INSERT INTO main.repo_stats (repo_id, valid_from, valid_to, " + statistics.list() +
         ") SELECT i.repo_id, i.valid_from, i.valid_to, " + statistics.list("i.") +
         " FROM met_repos t CROSS JOIN incoming.repo_stats i WHERE i.repo_id = t.id "
         "ON CONFLICT (repo_id, valid_from) DO UPDATE SET " +
         statistics.updates() + " WHERE (" + statistics.texts("excluded.") + ") > (" +
         statistics.texts("repo_stats.") + ")";
}

// Of a vanishing or return `change`: its run has read the list of the account that has the
// repository `r` now.  One that has not, because it is of another shard, only tells that the
// repository has left an account, and not that it is nowhere.
std::string concerns(const std::string& change, const std::string& r) {
  return "EXISTS (SELECT 1 FROM main.run_users u WHERE u.user_id = " + r +
         ".owner_id AND u.run_id = " + change + ".run_id AND u.settled_at >= " + change +
         ".changed_at)";
}

// The first vanishing after the last time that somebody saw it.
std::string gone_sql() {
  return R"sql(
UPDATE main.repos SET gone_since =
  (SELECT min(c.changed_at) FROM main.repo_changes c
   WHERE c.repo_id = repos.id AND c.field = 'gone_since' AND c.new_value IS NOT NULL
     AND c.changed_at > coalesce(
       (SELECT max(b.changed_at) FROM main.repo_changes b
        WHERE b.repo_id = repos.id AND b.field = 'gone_since' AND b.new_value IS NULL
          AND b.changed_at > repos.last_seen_at AND )sql" +
         concerns("b", "repos") + "), repos.last_seen_at) AND " + concerns("c", "repos") +
         ") WHERE id IN (SELECT id FROM met_repos WHERE NOT is_new)";
}

// At the next interval or at a vanishing before it, and the last one when the repository was gone.
// A vanishing that does not concern the account of now ends the intervals that began elsewhere.
std::string ends_sql() {
  const std::string vanishing = R"sql(
       (SELECT min(c.changed_at) FROM main.repo_changes c CROSS JOIN main.repos r
        WHERE c.repo_id = repo_stats.repo_id AND r.id = c.repo_id AND c.field = 'gone_since'
          AND c.new_value IS NOT NULL AND c.changed_at >= repo_stats.valid_from
          AND ()sql" + concerns("c", "r") +
                                R"sql( OR NOT EXISTS (
            SELECT 1 FROM main.run_users u
            WHERE u.user_id = r.owner_id AND u.settled_at = repo_stats.valid_from))))sql";
  return R"sql(
UPDATE main.repo_stats SET valid_to = coalesce(
  (SELECT min(n.valid_from, coalesce()sql" +
         vanishing + R"sql(, n.valid_from))
   FROM main.repo_stats n
   WHERE n.repo_id = repo_stats.repo_id AND n.valid_from > repo_stats.valid_from
   ORDER BY n.valid_from LIMIT 1),
  (SELECT max(r.gone_since, repo_stats.valid_from) FROM main.repos r
   WHERE r.id = repo_stats.repo_id))
WHERE repo_id IN (SELECT id FROM met_repos WHERE NOT is_new))sql";
}

}  // namespace

Status match_repos(Database& database) {
  const auto read = Columns::of(database, "repos", kOfAllRuns);
  if (!read) return fail(read.error());
  const auto statistics = Columns::of(database, "repo_stats", kOfInterval);
  if (!statistics) return fail(statistics.error());
  return database.execute(match_sql(*read, *statistics));
}

Status take_repos(Database& database) {
  const auto read = Columns::of(database, "repos", kOfAllRuns);
  if (!read) return fail(read.error());
  const auto statistics = Columns::of(database, "repo_stats", kOfInterval);
  if (!statistics) return fail(statistics.error());
  const std::string rows = rows_sql(*read);
  Status done =
      database.execute(rows + "t.newer ON CONFLICT (id) DO UPDATE SET " + read->updates());
  if (done) done = database.execute(rows + first_repos_sql());
  if (done) done = database.execute(kTopics);
  if (done) done = database.execute(intervals_sql(*statistics));
  if (done) done = database.execute(gone_sql());
  return done ? database.execute(ends_sql()) : done;
}

}  // namespace repopipe
