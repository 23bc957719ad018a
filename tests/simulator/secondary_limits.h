// GitHub's secondary rate limits per value of Authorization: requests in flight, requests per
// minute, response time per minute.  Exceeding one starts a wait; requests during the wait can lead
// to a ban. Used by Rules.  Threading: one thread at a time.
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

// 0: no such limit.
struct SecondarySettings {
  std::uint64_t max_concurrent = 0;
  std::uint64_t max_per_minute = 0;
  double max_response_seconds = 0;  // per minute
  std::uint64_t ban_after = 0;      // requests during waits, in total
  std::chrono::microseconds minute = std::chrono::seconds(60);
  // A request this soon after the response that began a wait was sent before the client read it.
  std::chrono::microseconds grace = std::chrono::milliseconds(100);
};

enum class Limit { none, concurrent, per_minute, response_seconds };

// The state of the limits when a request arrives.
struct Standing {
  Limit over = Limit::none;
  bool waiting = false;  // its principal must wait
  bool banned = false;
  bool refused() const { return over != Limit::none || waiting || banned; }
};

class SecondaryLimits {
 public:
  SecondaryLimits(std::uint64_t seed, const SecondarySettings& settings)
      : seed_(seed), settings_(settings) {}

  // Call it for every request; call leave() when its response is sent or its connection is lost.
  Standing arrive(std::string_view authorization, Moment now);
  void leave(std::string_view authorization, Moment arrived, Moment now);

  // The response to a refused request; the wait begins now.  It has one of five forms, selected by
  // the seed; `standing` is the result of arrive().
  Response refusal(std::string_view authorization, const Standing& standing, Moment now);

  // An injected wait of one second, in a form that says so.
  Response whim(std::string_view authorization, Moment now);

 private:
  struct Principal {
    std::uint64_t in_flight = 0, refusals = 0, sent_in_wait = 0;
    std::deque<Moment> arrivals{};  // of the last minute
    std::deque<std::pair<Moment, Moment::duration>> responses{};
    Moment::duration response_time{};  // sum of those
    Moment wait_began{}, wait_ends{};
    bool whim = false;  // the wait was injected
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
