// Pseudo-random values that depend only on their arguments: the generated world is computed from
// the seed and never stored. Threading: mix() and the other functions are pure; a Dice belongs to
// one thread.
#pragma once

#include <cstdint>

namespace repopipe::simulator {

// The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit affects every output bit.
std::uint64_t mix(std::uint64_t value);
std::uint64_t mix(std::uint64_t left, std::uint64_t right);

// The top 53 bits of `bits` as a number in [0, 1).
double unit_interval(std::uint64_t bits);

// A reproducible sequence of draws.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  // Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  double unit() { return unit_interval(next()); }
  bool chance(double probability) { return unit() < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace repopipe::simulator
