// Pseudo-random values that depend on nothing but their arguments: the made-up world is computed
// from the seed whenever it is asked for, and never stored.  Used by everything that makes
// something up. Threading: mix() and friends are pure; a Dice belongs to one thread.
#pragma once

#include <cstdint>

namespace repopipe::simulator {

// The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t value);
std::uint64_t mix(std::uint64_t left, std::uint64_t right);

// The top 53 bits of `bits` as a number in [0, 1).
double unit_interval(std::uint64_t bits);

// A reproducible sequence of draws.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  // Uniform in [0, bound); bound must not be zero.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  double unit() { return unit_interval(next()); }
  bool chance(double probability) { return unit() < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace repopipe::simulator
