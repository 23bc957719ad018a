// Accounts that never have a listing: doomed ones always fail, odd ones get GitHub's responses for
// missing or hidden accounts.  They follow from the seed and the account's id. Used by Answerer.
// Threading: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tests/simulator/account.h"
#include "tests/simulator/response.h"

namespace repopipe::simulator {

enum class Fate {
  server_error,  // the doomed ones
  html,
  malformed,
  blocked_by_law,
  suspended,
  missing,
  no_content,  // the odd ones
  empty,
};

// As --list-doomed and --list-odd print them: 500, html, malformed, 451, suspended, 404; 204, 409.
std::string_view name_of(Fate fate);

bool is_doomed(Fate fate);

struct FateRates {
  double doomed_percent = 0, odd_percent = 0;  // together at most 100
};

class Fates {
 public:
  Fates(std::uint64_t seed, const FateRates& rates) : seed_(seed), rates_(rates) {}

  // Empty: an ordinary account.
  std::optional<Fate> of(const Account& account) const;

 private:
  std::uint64_t seed_;
  FateRates rates_;
};

// The response instead of a listing.
Response fate_response(Fate fate, const Account& account);

}  // namespace repopipe::simulator
