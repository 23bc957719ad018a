#include "tests/simulator/accounts.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <charconv>
#include <string>

#include "tests/simulator/random.h"
#include "tests/simulator/words.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kLargestMask = kMostAccounts - 1;
constexpr std::uint64_t kFewestPlaces = 1 << 17;  // numbers up to 31 for all but very large worlds
constexpr std::uint64_t kFactor = 0x9e3779;       // odd, so that it has an inverse modulo 2^24
constexpr std::uint64_t kInverse = 0xb382c9;      // kFactor * kInverse = 1 modulo 2^24
static_assert(((kFactor * kInverse) & kLargestMask) == 1);

// Ids have gaps: most numbers have no account.
constexpr std::uint64_t kFirstId = 1'000'003;
constexpr std::uint64_t kIdStep = 131;

constexpr std::array<std::string_view, 4> kOrganizationWords = {"labs", "hq", "io", "foundation"};

// A bijection on [0, mask], so that neighbouring ordinals have different logins; `mask` is 2^n - 1,
// n at most 24.
std::uint64_t scatter(std::uint64_t ordinal, std::uint64_t seed, std::uint64_t mask) {
  const std::uint64_t place = (ordinal * kFactor ^ mix(seed)) & mask;
  return place ^ (place >> 12);
}

std::uint64_t gather(std::uint64_t place, std::uint64_t seed, std::uint64_t mask) {
  place ^= place >> 12;
  return ((place ^ mix(seed)) * kInverse) & mask;
}

struct NameParts {
  std::size_t adjective;
  std::size_t noun;
  std::uint64_t number;  // 0: none
};

NameParts parts_of(std::uint64_t place) {
  return {place & 63, (place >> 6) & 63, place >> 12};
}

std::string capitalized(std::string_view word) {
  std::string result(word);
  result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
  return result;
}

char folded(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool same_login(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, folded, folded);
}

std::string user_login(const NameParts& parts, std::uint64_t style) {
  const std::string adjective(kAdjectives[parts.adjective]);
  const std::string noun(kNouns[parts.noun]);
  const std::string number = parts.number == 0 ? "" : std::to_string(parts.number);
  const std::string hyphenated = number.empty() ? "" : "-" + number;
  if (style < 28) return adjective + "-" + noun + hyphenated;
  if (style < 42) return capitalized(adjective) + capitalized(noun) + number;
  if (style < 54) return adjective + noun + number;
  if (style < 61) return capitalized(adjective) + "-" + capitalized(noun) + hyphenated;
  if (style < 62) return adjective + "-" + noun + number + "-";  // an old form that still exists
  return adjective + noun + number + "_acme";                    // a managed user of an enterprise
}

std::string organization_login(const NameParts& parts, std::uint64_t style) {
  const std::string_view word = kOrganizationWords[style % kOrganizationWords.size()];
  const std::string noun(kNouns[parts.noun]);
  const std::string number = parts.number == 0 ? "" : std::to_string(parts.number);
  if (style < 32)
    return std::string(kAdjectives[parts.adjective]) + noun + "-" + std::string(word) + number;
  return capitalized(kAdjectives[parts.adjective]) + capitalized(noun) + capitalized(word) + number;
}

// Removes a word of the list from the front of `text` and returns its index; the size of the list:
// none.
std::size_t take_word(const std::array<std::string_view, 64>& words, std::string_view& text) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!text.starts_with(words[i])) continue;
    text.remove_prefix(words[i].size());
    return i;
  }
  return words.size();
}

// The only ordinal that can have `login`; the caller checks whether it has.
std::optional<std::uint64_t> place_of(std::string_view login) {
  std::string plain;
  for (const char c : login) {
    if (c == '_') break;
    if (c != '-') plain += folded(c);
  }
  std::string_view rest = plain;
  const std::size_t adjective = take_word(kAdjectives, rest);
  const std::size_t noun = take_word(kNouns, rest);
  if (adjective == kAdjectives.size() || noun == kNouns.size()) return std::nullopt;
  rest.remove_prefix(std::min(rest.find_first_of("0123456789"), rest.size()));
  std::uint64_t number = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (number > (kLargestMask >> 12)) return std::nullopt;
  return adjective | (noun << 6) | (number << 12);
}

}  // namespace

Accounts::Accounts(std::uint64_t seed, std::uint64_t size)
    : seed_(seed), size_(size), mask_(std::max(std::bit_ceil(size), kFewestPlaces) - 1) {}

Account Accounts::at(std::uint64_t ordinal) const {
  const NameParts parts = parts_of(scatter(ordinal, seed_, mask_));
  Dice dice(mix(seed_, ordinal));
  Account account{.ordinal = ordinal, .id = kFirstId + ordinal * kIdStep, .login = {}};
  if (dice.below(10) == 0) account.kind = AccountKind::organization;
  const std::uint64_t style = dice.below(64);
  account.login = account.kind == AccountKind::user ? user_login(parts, style)
                                                    : organization_login(parts, style);
  return account;
}

std::optional<std::uint64_t> Accounts::ordinal_of(std::string_view login) const {
  const auto place = place_of(login);
  if (!place || *place > mask_) return std::nullopt;
  return gather(*place, seed_, mask_);
}

std::optional<Account> Accounts::find(const AccountKey& key) const {
  std::optional<std::uint64_t> ordinal;
  const Login* login = std::get_if<Login>(&key);
  if (login != nullptr) {
    ordinal = ordinal_of(login->text);
  } else if (const NumericId* id = std::get_if<NumericId>(&key)) {
    if (id->value < kFirstId || (id->value - kFirstId) % kIdStep != 0) return std::nullopt;
    ordinal = (id->value - kFirstId) / kIdStep;
  } else {
    ordinal = std::get<Ordinal>(key).value;
  }
  if (!ordinal || *ordinal >= size_) return std::nullopt;
  Account account = at(*ordinal);
  if (login != nullptr && !same_login(account.login, login->text)) return std::nullopt;
  return account;
}

}  // namespace repopipe::simulator
