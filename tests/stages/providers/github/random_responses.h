// Random responses: real headers with extreme values, bodies from valid to garbage.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "pipeline/model/http.h"

namespace repopipe::testing {

// The same seed makes the same responses, on every machine.
class RandomResponses {
 public:
  explicit RandomResponses(std::uint64_t seed) : dice_(seed) {}

  std::size_t below(std::size_t end) { return dice_() % end; }
  Response next();

 private:
  void add_headers(Headers& headers);
  std::string body();
  std::string mutated(std::string text);
  std::string noise();

  std::mt19937_64 dice_;
};

}  // namespace repopipe::testing
