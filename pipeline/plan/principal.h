// The principals of a run: the tokens, or one anonymous client if there is none.  Which subject
// belongs to which, which of them may begin subjects, and which are disabled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// Threading: that of Plan.
class PrincipalTable {
 public:
  // At least one.
  explicit PrincipalTable(std::vector<Principal> all);

  std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }
  const Principal& operator[](std::uint32_t principal) const { return all_[principal].who; }

  // Rendezvous hashing by identity: a subject gets the same principal in every run, and a new
  // principal moves only its own share.  GitHub's ETags depend on the token, so a subject must stay
  // with its token.  A disabled principal gets no subject; at least one must not be disabled.
  std::uint32_t of(std::string_view key) const;

  // Its account is asked for first: it begins no subject until `owner_told`.
  void ask_for_owner(std::uint32_t principal) { all_[principal].is_ready = false; }
  // The account of a token; nothing: the API does not tell.  Returns another principal of the same
  // account, with which it shares a quota.
  std::optional<std::uint32_t> owner_told(std::uint32_t principal,
                                          std::optional<std::int64_t> account);
  bool is_ready(std::uint32_t principal) const { return all_[principal].is_ready; }

  // It is not used any more in this run.
  void disable(std::uint32_t principal) { all_[principal].is_disabled = true; }
  bool is_disabled(std::uint32_t principal) const { return all_[principal].is_disabled; }
  bool is_any_left() const;

  // Why the run has no token left, for people.  `last`: the one that was disabled last, by
  // `failure`.
  std::string why_none_is_left(std::uint32_t last, const Failure& failure) const;

  // Takes the end of its token from a response.  Returns a warning that it expires soon or has
  // expired; nothing: it does not, or that was told.
  std::optional<std::string> warn_of_expiry(std::uint32_t principal, const RateLimitInfo& told,
                                            Time now);
  // When its token expires; nothing: the API did not tell.
  std::optional<Time> ends_at(std::uint32_t principal) const { return all_[principal].ends_at; }

 private:
  struct Entry {
    Principal who;
    bool is_ready = true;
    bool is_disabled = false;
    bool was_warned = false;  // of the end of its token
    std::optional<std::int64_t> owner{};
    std::optional<Time> ends_at{};  // as the first response told it
  };

  std::vector<Entry> all_;
};

}  // namespace repopipe
