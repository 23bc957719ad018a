// GitHub's secondary limits, per value of Authorization: requests in flight, requests a minute, the
// time that responses took.  Going over one starts a wait; asking on during it can get one banned.
// Used by Rules.  Threading: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/simulator/response.h"
#include "tests/simulator/wait.h"

namespace repopipe::simulator {

// A zero turns a limit off.
struct SecondarySettings {
  std::uint64_t max_concurrent = 0;
  std::uint64_t max_per_minute = 0;
  double max_response_seconds = 0;  // per minute
  std::uint64_t ban_after = 0;      // requests during waits, all told
  std::chrono::microseconds minute = std::chrono::seconds(60);
  // What arrives so soon after the response that began a wait was sent before it was read.
  std::chrono::microseconds grace = std::chrono::milliseconds(100);
};

enum class Limit { none, concurrent, per_minute, response_seconds };

// What a request is up against; decided when it arrives.
struct Standing {
  Limit over = Limit::none;
  bool waiting = false;  // its principal has been told to wait
  bool banned = false;
  bool refused() const { return over != Limit::none || waiting || banned; }
};

class SecondaryLimits {
 public:
  SecondaryLimits(std::uint64_t seed, const SecondarySettings& settings)
      : seed_(seed), settings_(settings) {}

  // Every request arrives, and leaves when its response is sent or its connection is gone.
  Standing arrive(std::string_view authorization, Moment now);
  void leave(std::string_view authorization, Moment arrived, Moment now);

  // The response to a request that is refused, at the moment it is sent: the wait begins then.  It
  // comes in five forms, chosen by the seed; `standing` is what arrive() said.
  Response refusal(std::string_view authorization, const Standing& standing, Moment now);

  // A fault: a wait of one second for no reason, in a form that says so.
  Response whim(std::string_view authorization, Moment now);

 private:
  struct Principal {
    std::uint64_t in_flight = 0, refusals = 0, sent_in_wait = 0;
    std::deque<Moment> arrivals{};  // of the last minute
    std::deque<std::pair<Moment, Moment::duration>> responses{};
    Moment::duration response_time{};  // sum of those
    Moment wait_began{}, wait_ends{};
    bool whim = false;  // why it waits
    bool banned = false;
  };

  bool enforced() const;
  void age(Principal& principal, Moment now) const;
  Limit over(const Principal& principal) const;
  Principal& find(std::string_view authorization);

  std::uint64_t seed_;
  SecondarySettings settings_;
  std::map<std::string, Principal, std::less<>> principals_;
};

}  // namespace repopipe::simulator
