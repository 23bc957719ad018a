// An account as every source of listings hands it out, and the three ways to ask for one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace repopipe::simulator {

enum class AccountKind { user, organization };

struct Account {
  std::uint64_t ordinal = 0;  // 0, 1, 2 ...: its place in its source
  std::uint64_t id = 0;       // GitHub's numeric id; below 2^32, as GitHub's are today
  std::string login{};        // as the account spells it
  AccountKind kind = AccountKind::user;
  bool by_former_login = false;  // asked for by a login that it no longer has
};

// Ordinals from here on are of those who took over a login that had become free.
inline constexpr std::uint64_t kFirstStranger = std::uint64_t{1} << 32;

// Compared without regard to case; the view is only read during the call.
struct Login {
  std::string_view text;
};
struct NumericId {
  std::uint64_t value;
};
struct Ordinal {
  std::uint64_t value;
};
using AccountKey = std::variant<Login, NumericId, Ordinal>;

}  // namespace repopipe::simulator
