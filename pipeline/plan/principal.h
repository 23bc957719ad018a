// The principals of a run: the tokens, or the one anonymous client when there is none.  Which user
// belongs to which, which are disabled, and whose budget each one spends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/work_settings.h"
#include "pipeline/plan/quota_tracker.h"

namespace repopipe {

// Threading: that of Plan.
class PrincipalTable {
 public:
  // At least one.
  explicit PrincipalTable(std::vector<Principal> all);

  std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }
  const Principal& operator[](std::uint32_t principal) const { return all_[principal].who; }

  // Rendezvous hashing by identity: the same user gets the same principal in every run, and one
  // principal more moves only its own share.  GitHub's ETags depend on the token, so users must
  // stay with theirs.  Benched ones get nobody; at least one must be left.
  std::uint32_t of(std::string_view key) const;

  // Not to be used any more in this run.
  void disable(std::uint32_t principal) { all_[principal].is_disabled = true; }
  bool is_disabled(std::uint32_t principal) const { return all_[principal].is_disabled; }
  bool is_any_left() const;

  // The account behind a token.  If another principal belongs to it too, both share that one's
  // budget from now on, and it is the answer.
  std::optional<std::uint32_t> owned_by(std::uint32_t principal, std::int64_t account);

  QuotaTracker& budget_of(std::uint32_t principal) {
    return all_[all_[principal].quota_owner].budget;
  }
  const QuotaTracker& budget_of(std::uint32_t principal) const {
    return all_[all_[principal].quota_owner].budget;
  }

 private:
  struct Entry {
    Principal who;
    std::uint32_t quota_owner;  // whose `budget` it spends
    bool is_disabled = false;
    std::optional<std::int64_t> owner{};
    QuotaTracker budget{};
  };

  std::vector<Entry> all_;
};

}  // namespace repopipe
