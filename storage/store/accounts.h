// The tables `users` and `user_renames`: who is known under which number, and under which logins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/model/records.h"
#include "storage/sqlite/database.h"
#include "storage/store/run_interval.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.  `now` is the moment of the
// listing.  Within one run the rows come out the same in whatever order its users are written.
class Accounts {
 public:
  // Rows of this run carry a time of `span`, which must outlive it.
  Accounts(Preparation& prepare, std::int64_t run_id, const RunInterval& span);

  // An account as a row tells it, which is not gone then.  A kind that the row does not tell stays
  // as it is known.  A known account with another login is a renamed one.
  Status seen(std::int64_t id, std::string_view login, const CellView& kind, std::string_view now);
  // An account of which only the number is known.
  Status seen_again(std::int64_t id, std::string_view now);
  // An account that is as it was: writes only if it was gone.
  Status confirmed(std::int64_t id);
  // An account of which the API tells the login that it has now.  Nobody the database knows: no
  // row.
  Status renamed(std::int64_t id, std::string_view login, std::string_view now);

  // Whether the account is there, and had this login when it was seen last.
  Result<bool> is_known_as(std::int64_t id, std::string_view login);
  // Nothing: nobody is known under that number.
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
