// One made-up repository as it is on one day, as values; object_text.h writes it as JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/evolution.h"

namespace repopipe::simulator {

using Instant = std::chrono::sys_seconds;

// Noon on day 0; day N is N days later.
inline constexpr Instant kDayZero =
    std::chrono::sys_days{std::chrono::year{2026} / 1 / 15} + std::chrono::hours{12};

struct License {
  std::string_view key, name;
  std::string_view spdx_id;  // empty: null
  std::string_view node_id;
  bool has_url;
};

struct Counts {
  std::uint64_t stars = 0, forks = 0, open_issues = 0;
  std::uint64_t kilobytes = 0;
};

struct Features {
  bool issues, projects, downloads, wiki, pages, discussions, pull_requests;
};

// An empty optional is null in JSON.
struct Repository {
  std::uint64_t id = 0;  // one in sixteen is above 2^40
  std::string name;
  std::optional<std::string> description;
  bool escaped = false;  // write the description with \uXXXX for all that is not ASCII
  bool fork = false, archived = false, disabled = false, is_template = false;
  Instant created, updated;
  std::optional<Instant> pushed;
  std::optional<std::string> homepage;
  std::optional<std::string_view> language, mirror;
  const License* license = nullptr;  // into a constant table; nullptr: null
  Counts counts;
  Features features{};
  std::vector<std::string_view> topics;
  std::string_view default_branch = "main";
};

// Pure: the same arguments give the same repository, on every machine and in every process.
Repository repository(std::uint64_t seed, const LivingRepository& living, int day);

// Its name alone, which is what a listing is sorted by.
std::string name_on(std::uint64_t seed, const LivingRepository& living, int day);

}  // namespace repopipe::simulator
