// Records what a client does against GitHub's best practices.  Used by Rules; tests read the
// report. Threading: one thread at a time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/simulator/request.h"
#include "tests/simulator/secondary_limits.h"
#include "tests/simulator/tokens.h"
#include "tests/simulator/wait.h"

namespace repopipe::simulator {

enum class Offence {
  during_wait,       // requested during a wait that its principal knew of
  over_limit,        // exceeded a secondary limit
  wrong_principal,   // requested an account with another token than before
  no_user_agent,     //
  too_many_retries,  // repeated a request that had failed the same way ten times
  sooner_than_told,  // waited less than the response said, which is rounded up
};

// The state when a request arrived.
struct Sighting {
  std::uint64_t in_flight = 0;  // including this one
  Standing standing{};
  std::optional<std::uint64_t> account{};  // id, or hash of an unknown login; none: neither
};

class Politeness {
 public:
  // Keeps a reference to the tokens: a client may continue with another token after a refusal.
  Politeness(const Tokens& tokens, const SecondarySettings& settings);

  void arrived(const Request& request, const Sighting& sighting, Moment now);

  // Call it when the response is passed to the socket, or the connection is lost (status 0).
  void replied(const Request& request, int status, const std::optional<Wait>& wait, Moment now);

  // One JSON object.
  std::string report() const;

  // One line without its newline.
  std::string summary() const;

  std::uint64_t count(Offence offence) const;

 private:
  static constexpr std::size_t kOffences = 6;
  struct ToldWait {
    Moment began{}, ends{}, told{};
  };
  struct Principal {
    std::string name{};  // as in the log
    std::string authorization{};
    std::array<ToldWait, 2> waits{};  // by LimitKind
    std::deque<Moment> arrivals{};    // of the last minute
  };
  struct Record {
    std::uint64_t count = 0;
    std::vector<std::string> examples{};  // the first, as JSON objects
  };

  std::size_t index_of(std::string_view authorization);
  void count_arrival(Principal& principal, Moment now);
  void check_waits(const Request& request, const Principal& principal, Moment now);
  void check_principal(const Request& request, std::uint64_t account, std::size_t index,
                       Moment now);
  void note(Offence offence, const Request& request, std::string_view detail, Moment now);

  const Tokens& tokens_;
  SecondarySettings settings_;
  std::map<std::string, std::size_t, std::less<>> indexes_;  // by Authorization
  std::vector<Principal> principals_;
  std::unordered_map<std::uint64_t, std::size_t> asked_by_;    // index by account
  std::unordered_map<std::uint64_t, std::uint64_t> failures_;  // by hash of URL and status
  std::array<Record, kOffences> records_{};
  std::array<std::uint64_t, 4> over_{};  // by Limit
  std::uint64_t requests_ = 0, ok_ = 0, not_modified_ = 0;
  std::uint64_t largest_in_flight_ = 0, busiest_minute_ = 0;
};

}  // namespace repopipe::simulator
