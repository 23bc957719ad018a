// A source over another one in which some accounts are renamed or gone after day 0.  Which ones
// follows from the seed and the id.  Threading: immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "tests/simulator/source.h"

namespace repopipe::simulator {

enum class Naming {
  same,
  redirect,  // the former login redirects to the id
  lost,      // the former login does not exist
  taken,     // the former login belongs to another account
  gone,      // neither login nor id
};

// As --list-renamed prints it.
std::string_view name_of(Naming naming);

struct NameRates {
  double renamed_percent = 0, gone_percent = 0;  // together at most 100
};

class RenamedSource : public Source {
 public:
  RenamedSource(std::unique_ptr<Source> inner, std::uint64_t seed, const NameRates& rates);

  // By ordinal, accounts that are gone are found too: ordinals have no gaps.
  std::optional<Account> find(const AccountKey& key) const override;
  std::uint64_t append(const Account& account, Range range, std::string& out) const override;
  // With their new logins, and without those that are gone.
  std::vector<Account> members(const Account& account) const override;

  // A line per changed account: OLD NEW ID KIND, with "-" for NEW if it is gone.
  void list(std::ostream& out) const;

 private:
  Naming naming(const Account& account) const;
  std::optional<Account> by_login(std::string_view login) const;
  std::optional<Account> by_id(std::uint64_t id) const;

  std::unique_ptr<Source> inner_;
  std::uint64_t seed_;
  NameRates rates_;
};

}  // namespace repopipe::simulator
