// What is known of the tokens that clients send: whose they are, and which do not work.  Used by
// Answerer and Politeness.  Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace repopipe::simulator {

// All by token, without the "Bearer " of the header.
struct TokenSettings {
  std::set<std::string, std::less<>> bad{};
  std::map<std::string, std::string, std::less<>> owners{};       // logins
  std::map<std::string, std::string, std::less<>> expirations{};  // as announced
  std::map<std::string, std::uint64_t, std::less<>> lifetimes{};  // requests it is good for
};

class Tokens {
 public:
  explicit Tokens(const TokenSettings& settings) : settings_(settings) {}

  // Counts a use of that Authorization.  False: it is refused with "Bad credentials".
  bool use(std::string_view authorization);

  // Whether the next use would be refused.
  bool refused(std::string_view authorization) const;

  // Who shares a quota: "anonymous", the login in lower case where it was given, else a name for
  // that one value of Authorization.
  std::string owner_key(std::string_view authorization) const;

  // The login that was given, or a made-up one.
  std::string owner_login(std::string_view authorization) const;

  // What to announce; empty: nothing.
  std::string_view expiration(std::string_view authorization) const;

 private:
  TokenSettings settings_;
  std::map<std::string, std::uint64_t, std::less<>> uses_;  // of those with a lifetime
};

}  // namespace repopipe::simulator
