// Changes of the generated world over time.  They follow from the seed and the day alone, so day
// k+1 always continues day k and nothing is stored between runs. Used by MadeUpSource.  Threading:
// any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace repopipe::simulator {

// Probabilities per day.
inline constexpr double kRemoved = 0.005;
inline constexpr double kAdded = 0.005;  // per repository of day 0
inline constexpr double kRenamed = 0.005;
inline constexpr double kPushed = 0.02;
inline constexpr double kRedescribed = 0.003;

// The identity of a repository within its account.  Day 0 has the slots 0 to n-1 in generation 0;
// each later generation of a slot is a new repository.
struct RepositoryKey {
  std::uint64_t account = 0;     // ordinal
  std::uint32_t slot = 0;        // below 4096
  std::uint32_t generation = 0;  // below 8: then the slot stays empty, which takes years
  bool operator==(const RepositoryKey&) const = default;
};

struct LivingRepository {
  RepositoryKey key;
  int born = 0;  // day; 0: existed at the start
};

// Number of events and the day of the last one (undefined if 0).
struct Occurrences {
  int count = 0;
  int last_day = 0;
};

// Independent daily events on the days after `from` up to and including `until`.
Occurrences occurrences(std::uint64_t stream, double daily_chance, int from, int until);

// The repositories on `day` of an account that began with `base`, in no particular order.
std::vector<LivingRepository> living(std::uint64_t seed, std::uint64_t account, std::uint32_t base,
                                     int day);

// A number that identifies a repository of one seed; the root of its random streams.
std::uint64_t stream_of(std::uint64_t seed, const RepositoryKey& key);

}  // namespace repopipe::simulator
