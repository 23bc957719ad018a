#include "tests/simulator/repository_names.h"

#include <array>
#include <cctype>
#include <optional>
#include <string_view>

#include "tests/simulator/random.h"
#include "tests/simulator/words.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kNameStream = 0x4a3e;

// All of these are allowed at GitHub, and each has broken some program.
constexpr std::array<std::string_view, 16> kOddNames = {
    ".github", "-", "null", "1.0",  "__proto__",   "dotfiles", "0",   "README.md",
    "con",     "_", "NaN",  "TRUE", "constructor", "A",        "x.y", "undefined"};
constexpr std::uint32_t kOddEvery = 40;

// Every kOddEvery-th slot, counted from one that depends on the account, until the list is used up.
std::optional<std::string_view> odd_name(std::uint64_t account_stream, const RepositoryKey& key) {
  const std::uint32_t turn = key.slot / kOddEvery;
  if (key.generation != 0 || turn >= kOddNames.size()) return std::nullopt;
  if (key.slot % kOddEvery != account_stream % kOddEvery) return std::nullopt;
  return kOddNames[(turn + account_stream / kOddEvery) % kOddNames.size()];
}

// One number for each pair (Cantor's pairing function): (0, 0) is 1, then 2, 3 ...
std::uint64_t numbering(std::uint64_t generation, std::uint64_t renames) {
  const std::uint64_t sum = generation + renames;
  return sum * (sum + 1) / 2 + renames + 1;
}

std::string joined(std::string thing, std::string role, std::uint64_t style) {
  const auto upper = [](char& c) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  };
  if (style < 70) return thing + "-" + role;
  if (style < 82) return thing + "_" + role;
  if (style < 88) return thing + "." + role;
  upper(thing[0]);
  upper(role[0]);
  return thing + "-" + role;
}

}  // namespace

// Unlike names by construction: a slot has a pair of words of its own within its account, and what
// is not the slot's first name has a number that no other generation or renaming of that slot has.
std::string repository_name(std::uint64_t seed, const RepositoryKey& key, int renames) {
  const std::uint64_t account_stream = mix(mix(seed, key.account), kNameStream);
  if (renames == 0) {
    if (const auto odd = odd_name(account_stream, key)) return std::string(*odd);
  }
  const std::uint64_t pair = (std::uint64_t{key.slot} * 2377 + account_stream) % 4096;
  const std::uint64_t number = numbering(key.generation, static_cast<std::uint64_t>(renames));
  const std::uint64_t style = mix(stream_of(seed, key), kNameStream) % 100;
  std::string name = joined(std::string(kThings[pair & 63]), std::string(kRoles[pair >> 6]), style);
  if (number > 1) name += "-" + std::to_string(number);
  return name;
}

}  // namespace repopipe::simulator
