#include "storage/store/accounts.h"

#include <string>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kLook =
    "SELECT login, last_seen_at, first_seen_run, gone_since FROM users WHERE id = ?1";

constexpr std::string_view kAdd = R"sql(
INSERT INTO users (id, login, kind, first_seen_at, first_seen_run, last_seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?4))sql";

// ?5: this run has already seen the account at a later time.
constexpr std::string_view kUpdate = R"sql(
UPDATE users SET login = iif(?5, login, ?2),
                 kind = iif(?5, coalesce(kind, ?3), coalesce(?3, kind)),
                 last_seen_at = iif(?5, last_seen_at, ?4), gone_since = NULL
WHERE id = ?1)sql";

constexpr std::string_view kRename = R"sql(
INSERT INTO user_renames (user_id, run_id, old_login, new_login, changed_at)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (user_id, run_id)
DO UPDATE SET new_login = excluded.new_login, changed_at = excluded.changed_at)sql";

// The collation of the columns ignores case.
constexpr std::string_view kForgetRename =
    "DELETE FROM user_renames WHERE user_id = ?1 AND run_id = ?2 AND old_login = new_login";

constexpr std::string_view kAgain =
    "UPDATE users SET last_seen_at = max(last_seen_at, ?2), gone_since = NULL WHERE id = ?1";

constexpr std::string_view kAccountBack =
    "UPDATE users SET gone_since = NULL WHERE id = ?1 AND gone_since IS NOT NULL";

constexpr std::string_view kRelabel =
    "UPDATE users SET login = ?2, gone_since = NULL WHERE id = ?1";

}  // namespace

Accounts::Accounts(Preparation& prepare, std::int64_t run_id, const RunInterval& span)
    : run_id_(run_id),
      span_(span),
      look_(prepare(kLook)),
      add_(prepare(kAdd)),
      update_(prepare(kUpdate)),
      rename_(prepare(kRename)),
      forget_rename_(prepare(kForgetRename)),
      again_(prepare(kAgain)),
      back_(prepare(kAccountBack)),
      relabel_(prepare(kRelabel)) {}

Status Accounts::seen(std::int64_t id, std::string_view login, const CellView& kind,
                      std::string_view now) {
  const Rewind rewind(look_);
  const auto known = look_.bind(id).step();
  if (!known) return fail(known.error());
  if (!*known) return add_.bind(id, login, kind, now, run_id_).run();
  const std::string_view last_seen = look_.text(1);
  const bool older = span_.has(last_seen) && last_seen > now;
  const bool is_new = look_.integer(2) == run_id_;
  Status done;
  if (!older && !is_new) done = compare_login(id, login, now);
  look_.reset();
  return done ? update_.bind(id, login, kind, now, older ? 1 : 0).run() : done;
}

// Compares with the current row of `look_`.  Two changes of a login in one run become one row, or
// none if the login is the old one again.
Status Accounts::compare_login(std::int64_t id, std::string_view login, std::string_view now) {
  const std::string_view old_login = look_.text(0);
  if (equal_ignoring_case(old_login, login)) return {};
  auto told = rename_.bind(id, run_id_, old_login, login, now).run();
  return told ? forget_rename_.bind(id, run_id_).run() : told;
}

Status Accounts::seen_again(std::int64_t id, std::string_view now) {
  return again_.bind(id, now).run();
}

Status Accounts::confirmed(std::int64_t id) {
  return back_.bind(id).run();
}

// Like `seen`, but does not change the time at which a page of its list was read.
Status Accounts::renamed(std::int64_t id, std::string_view login, std::string_view now) {
  const Rewind rewind(look_);
  const auto known = look_.bind(id).step();
  if (!known) return fail(known.error());
  if (!*known) return {};
  const std::string_view last_seen = look_.text(1);
  if (span_.has(last_seen) && last_seen > now) return {};
  const bool is_new = look_.integer(2) == run_id_;
  Status done;
  if (!is_new) done = compare_login(id, login, now);
  look_.reset();
  return done ? relabel_.bind(id, login).run() : done;
}

Result<bool> Accounts::is_known_as(std::int64_t id, std::string_view login) {
  const Rewind rewind(look_);
  const auto row = look_.bind(id).step();
  if (!row) return row;
  return *row && look_.is_null(3) && equal_ignoring_case(look_.text(0), login);
}

Result<std::optional<std::string>> Accounts::login_of(std::int64_t id) {
  const Rewind rewind(look_);
  const auto row = look_.bind(id).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return std::string(look_.text(0));
}

}  // namespace repopipe
