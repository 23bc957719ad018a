#include "tests/simulator/counts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kCountStream = 0xc0;
constexpr double kMedian = 8.8;
constexpr double kShape = 0.680;  // ln(200 / kMedian) / ln(99): the 99th percentile is 200
constexpr double kNextToMost = 1200;

// A permutation of [0, size): every account has a different rank, so the distribution is exact.
std::uint64_t rank_of(std::uint64_t seed, std::uint64_t size, std::uint64_t ordinal) {
  std::uint64_t step = std::max<std::uint64_t>(1, size * 618 / 1000);
  while (std::gcd(step, size) != 1) ++step;
  return (ordinal * step + mix(seed, kCountStream) % size) % size;
}

}  // namespace

std::uint32_t usual_count(std::uint64_t seed, std::uint64_t accounts, std::uint64_t ordinal) {
  const std::uint64_t rank = rank_of(seed, accounts, ordinal);
  if (rank + 1 == accounts) return kMostRepositories;
  const double quantile = (static_cast<double>(rank) + 0.5) / static_cast<double>(accounts);
  // The log-logistic distribution: a heavy tail whose quantiles have a closed form.
  const double count = kMedian * std::pow(quantile / (1 - quantile), kShape);
  return static_cast<std::uint32_t>(std::min(count, kNextToMost));
}

std::uint32_t small_count(std::uint64_t seed, std::uint64_t ordinal) {
  return static_cast<std::uint32_t>(mix(mix(seed, kCountStream), ordinal) % 4);
}

}  // namespace repopipe::simulator
