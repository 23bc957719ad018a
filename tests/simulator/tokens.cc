#include "tests/simulator/tokens.h"

#include <cctype>

#include "tests/simulator/quota.h"

namespace repopipe::simulator {
namespace {

// "Bearer x" and "token x" alike.
std::string_view token_of(std::string_view authorization) {
  return authorization.substr(authorization.find(' ') + 1);
}

}  // namespace

bool Tokens::use(std::string_view authorization) {
  if (refused(authorization)) return false;
  if (settings_.lifetimes.empty()) return true;
  const auto lifetime = settings_.lifetimes.find(token_of(authorization));
  if (lifetime != settings_.lifetimes.end()) ++uses_[lifetime->first];
  return true;
}

bool Tokens::refused(std::string_view authorization) const {
  if (authorization.empty()) return false;
  const std::string_view token = token_of(authorization);
  if (settings_.bad.contains(token)) return true;
  const auto lifetime = settings_.lifetimes.find(token);
  if (lifetime == settings_.lifetimes.end()) return false;
  const auto used = uses_.find(token);
  return (used == uses_.end() ? 0 : used->second) >= lifetime->second;
}

std::string Tokens::owner_key(std::string_view authorization) const {
  const auto owner = settings_.owners.find(token_of(authorization));
  if (owner == settings_.owners.end()) return principal_of(authorization);
  // No login has a colon, so an owner differs from the name of a token.
  std::string key = "owner:";
  for (const char c : owner->second) {
    key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return key;
}

std::string Tokens::owner_login(std::string_view authorization) const {
  const auto owner = settings_.owners.find(token_of(authorization));
  if (owner != settings_.owners.end()) return owner->second;
  return "owner-" + principal_of(authorization);
}

std::string_view Tokens::expiration(std::string_view authorization) const {
  const auto found = settings_.expirations.find(token_of(authorization));
  return found == settings_.expirations.end() ? "" : std::string_view(found->second);
}

}  // namespace repopipe::simulator
