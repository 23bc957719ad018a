// An account, and the three ways to look it up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace repopipe::simulator {

enum class AccountKind { user, organization };

struct Account {
  std::uint64_t ordinal = 0;  // 0, 1, 2 ...: index in its source
  std::uint64_t id = 0;       // GitHub's id; below 2^32, as at GitHub today
  std::string login{};        // with its capitalisation
  AccountKind kind = AccountKind::user;
  bool by_former_login = false;  // found by a login that it no longer has
};

// Ordinals from here on belong to accounts that took over a free login.
inline constexpr std::uint64_t kFirstStranger = std::uint64_t{1} << 32;

// Compared ignoring case; the view is read only during the call.
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
