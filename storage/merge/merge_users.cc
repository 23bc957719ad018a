// Merges accounts, and the stored state of each login: `users`, `listings` and `pages`.
#include "storage/merge/merge_steps.h"

namespace repopipe {
namespace {

// `gone` is the last time at which one of the two files found an account gone; '': never.
constexpr const char* kMatchUsers = R"sql(
CREATE TEMP TABLE met_users (id INTEGER PRIMARY KEY, is_new INTEGER NOT NULL,
                             newer INTEGER NOT NULL, gone TEXT);
INSERT INTO met_users
SELECT i.id, o.id IS NULL,
       o.id IS NULL OR (i.last_seen_at, quote(i.login), quote(i.kind)) >
                       (o.last_seen_at, quote(o.login), quote(o.kind)),
       max(coalesce(i.gone_since, ''), coalesce(o.gone_since, ''))
FROM incoming.users i LEFT JOIN main.users o ON o.id = i.id
WHERE o.id IS NULL
   OR (quote(i.login), i.kind, i.first_seen_at, i.last_seen_at, i.gone_since) IS NOT
      (quote(o.login), o.kind, o.first_seen_at, o.last_seen_at, o.gone_since))sql";

constexpr const char* kUsers = R"sql(
INSERT INTO main.users (id, login, kind, first_seen_at, first_seen_run, last_seen_at, gone_since)
SELECT i.id, i.login, i.kind, i.first_seen_at, m.out_id, i.last_seen_at, i.gone_since
FROM met_users t CROSS JOIN incoming.users i CROSS JOIN run_map m
WHERE i.id = t.id AND m.in_id = i.first_seen_run AND )sql";

constexpr const char* kNewer = R"sql(t.newer
ON CONFLICT (id) DO UPDATE SET login = excluded.login, kind = coalesce(excluded.kind, kind),
                               last_seen_at = excluded.last_seen_at)sql";

std::string first_users_sql() {
  const std::string earlier = is_earlier("users");
  return "NOT t.is_new ON CONFLICT (id) DO UPDATE SET kind = coalesce(kind, excluded.kind), "
         "first_seen_at = iif(" +
         earlier +
         ", excluded.first_seen_at, first_seen_at), "
         "first_seen_run = iif(" +
         earlier + ", excluded.first_seen_run, first_seen_run)";
}

// Gone, unless the account was seen later.
constexpr const char* kMarkGone = R"sql(
UPDATE main.users SET gone_since =
  (SELECT t.gone FROM met_users t
   WHERE t.id = users.id AND t.gone > users.last_seen_at
     AND NOT EXISTS (SELECT 1 FROM main.run_users u
                     WHERE u.user_id = users.id AND u.settled_at >= t.gone
                       AND (u.repos > 0 OR u.outcome = 'renamed')))
WHERE id IN (SELECT id FROM met_users WHERE NOT is_new))sql";

// For a login in both files: the pages of the list that was read later.
std::string match_listings_sql() {
  const auto content = [](const std::string& listing, const std::string& schema) {
    return "(coalesce(" + listing + ".read_at, ''), quote(" + listing + ".login), quote(" +
           listing + ".user_id), quote(" + listing +
           ".per_page), (SELECT coalesce(group_concat(page || principal || etag, ' '), '') FROM "
           "(SELECT page, principal, etag FROM " +
           schema + ".pages WHERE login = " + listing + ".login AND resource = " + listing +
           ".resource ORDER BY page)))";
  };
  return "CREATE TEMP TABLE met_listings (login TEXT NOT NULL COLLATE NOCASE, resource INTEGER, "
         "PRIMARY KEY (login, resource)) WITHOUT ROWID; "
         "INSERT INTO met_listings SELECT i.login, i.resource FROM incoming.listings i "
         "LEFT JOIN main.listings o ON o.login = i.login AND o.resource = i.resource "
         "WHERE o.login IS NULL OR " +
         content("i", "incoming") + " > " + content("o", "main");
}

std::string take_listings_sql(const std::string& table, const Columns& columns) {
  return "DELETE FROM main." + table +
         " WHERE (login, resource) IN (SELECT login, resource FROM met_listings);"
         "INSERT INTO main." +
         table + " (" + columns.list() + ") SELECT " + columns.list("i.") +
         " FROM met_listings t CROSS JOIN incoming." + table +
         " i WHERE i.login = t.login AND i.resource = t.resource";
}

}  // namespace

Status match_users(Database& database) {
  return database.execute(kMatchUsers);
}

Status take_users(Database& database) {
  const std::string rows = kUsers;
  Status done = database.execute(rows + kNewer);
  if (done) done = database.execute(rows + first_users_sql());
  return done ? database.execute(kMarkGone) : done;
}

Status match_listings(Database& database) {
  return database.execute(match_listings_sql());
}

Status take_listings(Database& database) {
  for (const char* table : {"pages", "listings"}) {
    const auto columns = Columns::of(database, table, {});
    if (!columns) return fail(columns.error());
    if (auto done = database.execute(take_listings_sql(table, *columns)); !done) return done;
  }
  return {};
}

}  // namespace repopipe
