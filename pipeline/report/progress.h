// Messages of a run, and what it has stored so far.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/run.h"

namespace repopipe {
enum class Verbosity { all, warnings };

// One line: "repopipe: waiting: ...; continues at 2026-11-22T03:41:07Z, in 38 min"; empty: nothing
// to print.
std::string words_of(const Notice& say, std::optional<WallTime> goes_on, WallTime now,
                     Verbosity verbosity);

// A store that counts what it passes to another store.
class CountingStore final : public Store {
 public:
  // `failed` is called for each user that failed, with its error, when that is stored.
  using Failed = std::function<void(const std::string& login, const std::string& error)>;

  CountingStore(Store& inner, const RunTotals& before, Failed failed = {});

  Result<Stored> add(const Listing& listing) override;
  Status commit() override;
  void abandon() noexcept override;

  // Threading: any.
  // Users by outcome and `repos_seen`; nothing else.
  RunTotals totals() const;
  // Users that lists have brought, less the lists, which are entries of the job.
  std::int64_t brought() const { return brought_; }

 private:
  // A user in the open transaction, not counted yet.
  struct Uncounted {
    Stored stored;
    std::string error;
  };

  Store& inner_;
  const Failed failed_;
  std::vector<Uncounted> group_;
  std::array<std::atomic<std::uint64_t>, 6> outcomes_;  // in the order of Outcome
  std::atomic<std::uint64_t> repositories_;
  std::atomic<std::int64_t> brought_ = 0;
};

}  // namespace repopipe
