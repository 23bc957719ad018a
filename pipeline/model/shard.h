// A share of a job's users, for several machines that know nothing of each other: `--shard 2/3`.
// Who belongs to which shard follows from the login alone, for ever; docs/sharding.md tells how.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

struct Shard {
  static constexpr std::uint32_t kMost = 1000;

  std::uint32_t number = 1;  // from 1 to `count`
  std::uint32_t count = 1;   // 1: everybody

  bool is_whole() const { return count == 1; }
  // A login in any spelling belongs to exactly one of `count` shards.
  bool holds(std::string_view login) const;
  // "2/3", as the command line and `runs.shard` have it.
  std::string name() const;

  friend bool operator==(const Shard&, const Shard&) = default;
};

// Nothing unless `text` is i/n with 1 <= i <= n <= 1000.
std::optional<Shard> parse_shard(std::string_view text);

}  // namespace repopipe
