// What time does to the made-up world.  Everything is computed from the seed and the day alone, so
// day k+1 always continues day k, whichever day is asked for, and nothing has to be kept between
// runs. Used by MadeUpSource.  Threading: pure functions, any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace repopipe::simulator {

// Chances per day.
inline constexpr double kRemoved = 0.005;
inline constexpr double kAdded = 0.005;  // per repository of day 0
inline constexpr double kRenamed = 0.005;
inline constexpr double kPushed = 0.02;
inline constexpr double kRedescribed = 0.003;

// A repository's identity within its account.  On day 0 there are the slots 0 to n-1 in generation
// 0; each later generation of a slot is one repository added.
struct RepositoryKey {
  std::uint64_t account = 0;     // ordinal
  std::uint32_t slot = 0;        // below 4096
  std::uint32_t generation = 0;  // below 8: a slot stops having more, which takes years
  bool operator==(const RepositoryKey&) const = default;
};

struct LivingRepository {
  RepositoryKey key;
  int born = 0;  // day; 0 for those there from the start
};

// How often something has happened, and the last day it did (meaningless when count is 0).
struct Occurrences {
  int count = 0;
  int last_day = 0;
};

// Independent daily chances on the days after `from` up to and including `until`.
Occurrences occurrences(std::uint64_t stream, double daily_chance, int from, int until);

// The repositories an account that began with `base` ones has on `day`, in no order that means
// anything.
std::vector<LivingRepository> living(std::uint64_t seed, std::uint64_t account, std::uint32_t base,
                                     int day);

// A number that tells a repository of one seed from every other; the root of its random streams.
std::uint64_t stream_of(std::uint64_t seed, const RepositoryKey& key);

}  // namespace repopipe::simulator
