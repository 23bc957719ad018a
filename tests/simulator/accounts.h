// The generated accounts.  Nothing is stored: ordinal and login are computed from each other in
// constant time, so a million accounts need no memory. Threading: immutable; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "tests/simulator/account.h"

namespace repopipe::simulator {

// A login is two words and a number below 4096.
inline constexpr std::uint64_t kMostAccounts = std::uint64_t{1} << 24;

class Accounts {
 public:
  // `size` is at most kMostAccounts.
  Accounts(std::uint64_t seed, std::uint64_t size);

  std::uint64_t size() const { return size_; }

  // Empty: there is no such account.
  std::optional<Account> find(const AccountKey& key) const;

 private:
  Account at(std::uint64_t ordinal) const;
  std::optional<std::uint64_t> ordinal_of(std::string_view login) const;

  std::uint64_t seed_;
  std::uint64_t size_;
  std::uint64_t mask_;  // number of possible logins, minus one
};

}  // namespace repopipe::simulator
