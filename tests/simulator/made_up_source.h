// Accounts and repositories computed from a seed; see accounts.h, counts.h and evolution.h.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/simulator/accounts.h"
#include "tests/simulator/source.h"

namespace repopipe::simulator {

enum class Population { usual, small };

enum class Form { github, gitea };  // of the records

struct World {
  std::uint64_t seed = 1;
  std::uint64_t accounts = 2000;
  int day = 0;
  Population population = Population::usual;
  Form form = Form::github;
};

class MadeUpSource : public Source {
 public:
  explicit MadeUpSource(const World& world);

  std::optional<Account> find(const AccountKey& key) const override;

  // Sorted by name, ignoring case.
  std::uint64_t append(const Account& account, Range range, std::string& out) const override;

  // 1 to 250.  Each is replaced by another account every kStay days.
  std::vector<Account> members(const Account& account) const override;

 private:
  World world_;
  Accounts accounts_;
};

}  // namespace repopipe::simulator
