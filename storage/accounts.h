// The table `users`: who is known under which number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pipeline/core/record_batch.h"
#include "storage/database.h"

namespace repopipe {

// Threading: that of the Database, inside the caller's transaction.
class Accounts {
 public:
  Accounts(Preparation& prepare, std::int64_t run_id);

  // An account as a row tells it.  A kind that the row does not tell stays as it is known.
  Status seen(std::int64_t id, const CellView& login, const CellView& kind, std::string_view now);
  // An account of which only the number is known.
  Status seen_again(std::int64_t id, std::string_view now);
  // The account that had this login last, in any spelling.
  Result<std::optional<std::int64_t>> find(std::string_view login);

 private:
  std::int64_t run_id_;
  Statement seen_;
  Statement again_;
  Statement find_;
};

}  // namespace repopipe
