// What becomes of a request between its arrival and its response: limits first, then faults, then
// the answer.  The server asks at each step; no sockets here.  Threading: one thread at a time.
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

// Decided when the request arrives.
struct Course {
  Moment arrived{};
  std::uint64_t in_flight = 0;  // this one included
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

  // At the moment the response is handed to the socket: waits begin here.
  Outcome answer(const Request& request, const Course& course, Moment now);

  // Once all of the response is handed over, or the connection is gone.
  void leave(const Request& request, const Course& course, Moment now);

  // When the connection is gone before answer().
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
