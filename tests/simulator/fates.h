// Accounts that never answer with a listing: doomed ones, which always fail, and odd ones, which
// are GitHub's ways of saying that there is nothing.  Which they are follows from the seed and the
// account's id. Used by Answerer.  Threading: pure, any thread.
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

  // Empty for the great rest.
  std::optional<Fate> of(const Account& account) const;

 private:
  std::uint64_t seed_;
  FateRates rates_;
};

// What such an account answers instead of a listing.
Response fate_response(Fate fate, const Account& account);

}  // namespace repopipe::simulator
