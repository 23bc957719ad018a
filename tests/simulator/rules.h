// Decides what happens to a request: limits, then faults, then the response.  The server calls it
// at each step; no sockets.  Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tests/simulator/answer.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/politeness.h"
#include "tests/simulator/request.h"
#include "tests/simulator/secondary_limits.h"

namespace repopipe::simulator {

// Decided at the arrival of the request.
struct Course {
  Moment arrived{};
  std::uint64_t in_flight = 0;  // including this one
  Standing standing{};
  Fault fault = Fault::none;
};

enum class Delivery {
  whole,
  reset,    // no response: the connection is reset
  cut,      // the connection is reset in the middle of the body
  trickle,  // part of the body comes slowly, then the connection ends
};

struct Outcome {
  Response response{};
  Delivery delivery = Delivery::whole;
};

class Rules {
 public:
  // Keeps references to the others; `politeness` may be null.
  Rules(Answerer& answerer, Faults& faults, SecondaryLimits& limits, Politeness* politeness)
      : answerer_(answerer), faults_(faults), limits_(limits), politeness_(politeness) {}

  Course arrive(const Request& request, std::uint64_t in_flight, Moment now);

  // Call it when the response is passed to the socket: waits begin then.
  Outcome answer(const Request& request, const Course& course, Moment now);

  // Call it when the response is sent completely, or the connection is lost.
  void leave(const Request& request, const Course& course, Moment now);

  // Call it when the connection is lost before answer().
  void lose(const Request& request, const Course& course, Moment now);

 private:
  Outcome outcome(const Request& request, const Course& course, Moment now);
  Outcome spoiled(const Request& request, Fault fault, Moment now);
  std::optional<std::uint64_t> account_of(const Request& request) const;

  Answerer& answerer_;
  Faults& faults_;
  SecondaryLimits& limits_;
  Politeness* politeness_;
  std::uint64_t left_ = 0;
};

}  // namespace repopipe::simulator
