// The tables `users` and `user_renames`: the accounts by id, and their logins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/model/records.h"
#include "storage/records/run_interval.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.  `now` is the time of the
// listing.  The rows do not depend on the order in which the users of a run are written.
class Accounts {
 public:
  // Rows of this run have a time within `span`, which outlives this.
  Accounts(Preparation& prepare, std::int64_t run_id, const RunInterval& span);

  // An account by its row in a list: it is not gone.  A kind that the row does not have keeps its
  // stored value.  A known account with another login was renamed.
  Status seen(std::int64_t id, std::string_view login, const CellView& kind, std::string_view now);
  // An account of which only the id is known.
  Status seen_again(std::int64_t id, std::string_view now);
  // An account that has not changed: writes only if it was gone.
  Status confirmed(std::int64_t id);
  // The API reports the current login of the account.  Adds no row for an unknown account.
  Status renamed(std::int64_t id, std::string_view login, std::string_view now);

  // Whether the account is known and not gone, and had this login when it was last seen.
  Result<bool> is_known_as(std::int64_t id, std::string_view login);
  // Nothing if the id is unknown.
  Result<std::optional<std::string>> login_of(std::int64_t id);

 private:
  Status compare_login(std::int64_t id, std::string_view login, std::string_view now);

  std::int64_t run_id_;
  const RunInterval& span_;
  Statement look_;
  Statement add_;
  Statement update_;
  Statement rename_;
  Statement forget_rename_;
  Statement again_;
  Statement back_;
  Statement relabel_;
};

}  // namespace repopipe
