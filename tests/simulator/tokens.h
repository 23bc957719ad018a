// The known tokens: their owners, and which are invalid.  Used by Answerer and Politeness.
// Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace repopipe::simulator {

// All by token, without "Bearer ".
struct TokenSettings {
  std::set<std::string, std::less<>> bad{};
  std::map<std::string, std::string, std::less<>> owners{};       // logins
  std::map<std::string, std::string, std::less<>> expirations{};  // as announced
  std::map<std::string, std::uint64_t, std::less<>> lifetimes{};  // number of valid requests
};

class Tokens {
 public:
  explicit Tokens(const TokenSettings& settings) : settings_(settings) {}

  // Counts a request with that Authorization.  False: "Bad credentials".
  bool use(std::string_view authorization);

  // Whether the next request would be refused.
  bool refused(std::string_view authorization) const;

  // The owner of a quota: "anonymous", the login in lower case if given, else a name for that value
  // of Authorization.
  std::string owner_key(std::string_view authorization) const;

  // The given login, or a generated one.
  std::string owner_login(std::string_view authorization) const;

  // The announced expiry; empty: none.
  std::string_view expiration(std::string_view authorization) const;

 private:
  TokenSettings settings_;
  std::map<std::string, std::uint64_t, std::less<>> uses_;  // of tokens with a lifetime
};

}  // namespace repopipe::simulator
