#include "tests/simulator/evolution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kRemovalStream = 0xdead;
constexpr std::uint64_t kAdditionStream = 0xadd;
constexpr std::uint32_t kGenerations = 8;

// Days until the next event of this daily probability: 1 or more, geometrically distributed.
int gap(Dice& dice, double daily_chance) {
  const double days = std::floor(std::log1p(-dice.unit()) / std::log1p(-daily_chance));
  constexpr double kNever = std::numeric_limits<int>::max() / 4;
  return 1 + static_cast<int>(std::min(days, kNever));
}

}  // namespace

Occurrences occurrences(std::uint64_t stream, double daily_chance, int from, int until) {
  Occurrences result;
  if (from >= until) return result;
  Dice dice(stream);
  for (int day = from + gap(dice, daily_chance); day <= until; day += gap(dice, daily_chance)) {
    ++result.count;
    result.last_day = day;
  }
  return result;
}

std::uint64_t stream_of(std::uint64_t seed, const RepositoryKey& key) {
  return mix(mix(seed, key.account), (std::uint64_t{key.slot} << 8) | key.generation);
}

std::vector<LivingRepository> living(std::uint64_t seed, std::uint64_t account, std::uint32_t base,
                                     int day) {
  std::vector<LivingRepository> result;
  result.reserve(base);
  for (std::uint32_t slot = 0; slot < base; ++slot) {
    Dice births(mix(mix(seed, account), (kAdditionStream << 32) | slot));
    int born = 0;
    for (std::uint32_t generation = 0; generation < kGenerations && born <= day; ++generation) {
      const RepositoryKey key{account, slot, generation};
      const std::uint64_t removal = mix(stream_of(seed, key), kRemovalStream);
      if (occurrences(removal, kRemoved, born, day).count == 0) result.push_back({key, born});
      born += gap(births, kAdded);
    }
  }
  return result;
}

}  // namespace repopipe::simulator
