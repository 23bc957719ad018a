#include "tests/simulator/repository.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/simulator/description.h"
#include "tests/simulator/random.h"
#include "tests/simulator/repository_names.h"
#include "tests/simulator/words.h"

namespace repopipe::simulator {
namespace {

using std::chrono::days;
using std::chrono::seconds;

enum Stream : std::uint64_t { kBasics = 1, kRenames, kTexts, kPushes, kGrowth, kIssues };

constexpr std::array<License, 7> kLicenses = {{
    {"mit", "MIT License", "MIT", "MDc6TGljZW5zZTEz", true},
    {"apache-2.0", "Apache License 2.0", "Apache-2.0", "MDc6TGljZW5zZTI=", true},
    {"gpl-3.0", "GNU General Public License v3.0", "GPL-3.0", "MDc6TGljZW5zZTk=", true},
    {"bsd-3-clause", "BSD 3-Clause \"New\" or \"Revised\" License", "BSD-3-Clause",
     "MDc6TGljZW5zZTU=", true},
    {"other", "Other", "NOASSERTION", "MDc6TGljZW5zZTA=", false},
    {"mpl-2.0", "Mozilla Public License 2.0", "MPL-2.0", "MDc6TGljZW5zZTE0", true},
    {"custom", "Custom License", "", "MDc6TGljZW5zZTk5", false},
}};

constexpr std::array<std::string_view, 14> kLanguages = {
    "JavaScript", "Python", "Java", "TypeScript", "C++",  "Go",         "Rust",
    "C",          "Ruby",   "C#",   "Shell",      "HTML", "Vim Script", "Jupyter Notebook"};

std::uint64_t id_of(const RepositoryKey& key, std::uint64_t stream) {
  const std::uint64_t number = ((key.account << 12 | key.slot) << 3 | key.generation) + 10'000;
  // Ids have outgrown 32 bits at GitHub; here some do in every world, however small.
  return stream % 16 == 0 ? number + (std::uint64_t{1} << 40) : number;
}

const License* license_of(Dice& dice) {
  const std::uint64_t draw = dice.below(100);
  if (draw < 40) return nullptr;
  if (draw < 70) return &kLicenses[0];
  if (draw < 99) return &kLicenses[1 + draw % 5];
  return &kLicenses[6];
}

std::optional<std::string> homepage_of(Dice& dice, const std::string& name) {
  const std::uint64_t draw = dice.below(100);
  if (draw < 45) return std::nullopt;
  if (draw < 75) return "";
  if (draw < 77) return "see the wiki / coming soon…";
  return "https://" + name + ".example.org/" + std::string(kThings[dice.below(64)]);
}

std::vector<std::string_view> topics_of(Dice& dice) {
  std::vector<std::string_view> topics;
  if (dice.chance(0.6)) return topics;
  for (std::uint64_t n = 1 + dice.below(6); n > 0; --n) topics.push_back(kThings[dice.below(64)]);
  std::ranges::sort(topics);
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

// Most have none, a few very many.
std::uint64_t heavy_tailed(Dice& dice, double scale) {
  return static_cast<std::uint64_t>(std::expm1(scale * std::pow(dice.unit(), 3)));
}

// Counts never depend on how the day was reached; stars and forks never fall.
Counts counts_on(std::uint64_t stream, Dice& dice, std::uint64_t age) {
  Counts counts{.stars = heavy_tailed(dice, 10), .forks = heavy_tailed(dice, 7)};
  counts.open_issues = heavy_tailed(dice, 6);
  counts.kilobytes = heavy_tailed(dice, 14);
  const std::uint64_t growth = mix(stream, kGrowth);
  if (growth % 10 == 0) {  // one in ten gains between 1 and 2 * rate stars each day
    const std::uint64_t rate = 1 + (growth >> 8) % 40 * ((growth >> 16) % 20 == 0 ? 10 : 1) / 4;
    counts.stars += rate * age + (age == 0 ? 0 : mix(growth, age) % rate);
    counts.forks += age * rate / 8;
  }
  if ((growth >> 32) % 20 == 0 && age > 0) counts.open_issues += mix(growth, age / 2) % 7;
  return counts;
}

void set_times(Repository& repository, Dice& dice, const LivingRepository& living, int day) {
  const std::uint64_t second = dice.below(86'400);
  const std::uint64_t age = dice.below(5'500);
  repository.created = kDayZero - days(age) - seconds(second);
  if (living.born > 0) repository.created = kDayZero + days(living.born) - seconds(second);
  const std::uint64_t lifetime = living.born > 0 ? 0 : age;
  // One draw a statement: compilers differ in the order of operands.
  const std::uint64_t push_day = dice.below(lifetime + 1);
  repository.pushed = repository.created + days(push_day) + seconds(dice.below(7'200));
  // A fork carries its parent's last push, and an empty repository has none.
  if (dice.chance(0.02)) *repository.pushed = repository.created - days(1 + dice.below(400));
  repository.updated = std::max(*repository.pushed, repository.created) + seconds(dice.below(90));
  if (dice.chance(0.01)) repository.pushed.reset();
  const std::uint64_t pushes = mix(dice.next(), kPushes);
  const Occurrences pushed = occurrences(pushes, kPushed, living.born, day);
  if (pushed.count == 0 || repository.archived) return;
  repository.pushed = kDayZero + days(pushed.last_day) - seconds(pushes % 86'400);
  repository.updated = *repository.pushed + seconds(2);
}

void set_flags(Repository& repository, Dice& dice) {
  repository.fork = dice.chance(0.3);
  repository.archived = dice.chance(0.06);
  repository.disabled = dice.chance(0.002);
  repository.is_template = dice.chance(0.02);
  repository.features = {.issues = !repository.fork && dice.chance(0.97),
                         .projects = dice.chance(0.95),
                         .downloads = dice.chance(0.98),
                         .wiki = dice.chance(0.8),
                         .pages = dice.chance(0.08),
                         .discussions = dice.chance(0.05),
                         .pull_requests = dice.chance(0.98)};
  if (dice.chance(0.01)) repository.mirror = "git://git.example.org/mirror.git";
  if (dice.chance(0.35)) repository.default_branch = "master";
  if (dice.chance(0.03)) repository.default_branch = "release/2.x";
}

}  // namespace

std::string name_on(std::uint64_t seed, const LivingRepository& living, int day) {
  const std::uint64_t renames = mix(stream_of(seed, living.key), kRenames);
  return repository_name(seed, living.key, occurrences(renames, kRenamed, living.born, day).count);
}

Repository repository(std::uint64_t seed, const LivingRepository& living, int day) {
  const std::uint64_t stream = stream_of(seed, living.key);
  Dice dice(mix(stream, kBasics));
  Repository result;
  result.id = id_of(living.key, stream);
  result.name = name_on(seed, living, day);
  set_flags(result, dice);
  set_times(result, dice, living, day);
  result.counts = counts_on(stream, dice, static_cast<std::uint64_t>(day - living.born));
  if (dice.chance(0.88)) result.language = kLanguages[dice.below(kLanguages.size())];
  result.license = license_of(dice);
  result.topics = topics_of(dice);
  result.homepage = homepage_of(dice, repository_name(seed, living.key, 0));
  result.escaped = dice.chance(0.1);
  const int version = occurrences(mix(stream, kTexts), kRedescribed, living.born, day).count;
  result.description = description(mix(mix(stream, kTexts), static_cast<std::uint64_t>(version)));
  return result;
}

}  // namespace repopipe::simulator
