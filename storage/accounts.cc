#include "storage/accounts.h"

namespace repopipe {
namespace {

constexpr std::string_view kSeen = R"sql(
INSERT INTO users (id, login, kind, first_seen_at, first_seen_run, last_seen_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?4)
ON CONFLICT (id) DO UPDATE SET login = excluded.login, kind = coalesce(excluded.kind, kind),
                               last_seen_at = max(last_seen_at, excluded.last_seen_at))sql";

constexpr std::string_view kAgain =
    "UPDATE users SET last_seen_at = max(last_seen_at, ?2) WHERE id = ?1";

constexpr std::string_view kFind =
    "SELECT id FROM users WHERE login = ?1 ORDER BY last_seen_at DESC, id DESC LIMIT 1";

}  // namespace

Accounts::Accounts(Preparation& prepare, std::int64_t run_id)
    : run_id_(run_id), seen_(prepare(kSeen)), again_(prepare(kAgain)), find_(prepare(kFind)) {}

Status Accounts::seen(std::int64_t id, const CellView& login, const CellView& kind,
                      std::string_view now) {
  return seen_.bind(id, login, kind, now, run_id_).run();
}

Status Accounts::seen_again(std::int64_t id, std::string_view now) {
  return again_.bind(id, now).run();
}

Result<std::optional<std::int64_t>> Accounts::find(std::string_view login) {
  const Rewind rewind(find_);
  const auto row = find_.bind(login).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return find_.integer(0);
}

}  // namespace repopipe
