#include "pipeline/base/secrets.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kMasked = "***";
constexpr std::string_view kSpace = " \t\r\n\f\v";
constexpr std::size_t kShortestToken = 16;  // after the prefix
constexpr std::size_t kShortestInData = 16;
constexpr std::array<std::string_view, 6> kTokenPrefixes{"ghp_", "gho_", "ghu_",
                                                         "ghs_", "ghr_", "github_pat_"};
constexpr std::size_t kClassicToken = 40;  // hex digits; GitHub's tokens before April 2021
constexpr std::array<std::string_view, 6> kTokenNames{"token",  "bearer",   "authorization",
                                                      "secret", "password", "basic"};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// Process-wide; see the header.
class KnownSecrets {
 public:
  void add(std::string_view secret) {
    const WriteLock lock(mutex_);
    if (std::ranges::find(all_, secret) != all_.end()) return;
    all_.emplace_back(secret);
    std::ranges::stable_sort(all_, std::ranges::greater{}, &std::string::size);
    is_empty_ = false;
    if (secret.size() >= kShortestInData) has_none_for_data_ = false;
  }

  std::string masked(std::string_view text, std::size_t shortest = 0) const {
    std::string clean(text);
    if (is_empty_) return clean;
    const ReadLock lock(mutex_);
    for (const std::string& secret : all_) {
      if (secret.size() >= shortest) replace(clean, secret);
    }
    return clean;
  }

  bool are_in_data(std::string_view data) const {
    if (has_none_for_data_) return false;
    const ReadLock lock(mutex_);
    return std::ranges::any_of(all_, [&](const std::string& secret) {
      return secret.size() >= kShortestInData &&
             memmem(data.data(), data.size(), secret.data(), secret.size()) != nullptr;
    });
  }

 private:
  // A short secret is masked only as a whole word, so that parts of other words remain.
  static bool stands_alone(std::string_view text, std::size_t at, std::size_t length) {
    constexpr std::size_t kShort = 4;
    if (length >= kShort) return true;
    const bool is_begin = at == 0 || !is_word(text[at - 1]);
    return is_begin && (at + length == text.size() || !is_word(text[at + length]));
  }

  static void replace(std::string& text, const std::string& secret) {
    std::size_t at = text.find(secret);
    while (at != text.npos) {
      const bool is_secret = stands_alone(text, at, secret.size());
      if (is_secret) text.replace(at, secret.size(), kMasked);
      at = text.find(secret, at + (is_secret ? kMasked.size() : 1));
    }
  }

  mutable SharedMutex mutex_;
  std::atomic<bool> is_empty_{true};
  std::atomic<bool> has_none_for_data_{true};
  std::vector<std::string> all_ GUARDED_BY(mutex_);  // the longest first
};

KnownSecrets& known_secrets() {
  static KnownSecrets known;
  return known;
}

// Escaped as in JSON and HTML.
std::string escaped(std::string_view text, std::string_view escape_of_quote) {
  const bool is_json = escape_of_quote.starts_with('\\');
  std::string out;
  for (const char c : text) {
    if (c == '"') {
      out += escape_of_quote;
    } else if (is_json && c == '\\') {
      out += "\\\\";
    } else if (!is_json && (c == '&' || c == '<' || c == '>')) {
      out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

// A "%" without two hex digits after it stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_encoded = text[i] == '%' && i + 2 < text.size();
    const auto high = is_encoded ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = is_encoded ? hex_digit(text[i + 2]) : std::nullopt;
    if (high && low) {
      out += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void add_with_pieces(std::string_view password) {
  constexpr std::size_t kShortestPiece = 3;
  add_secret(password);
  while (!password.empty()) {
    const std::size_t end = std::min(password.find_first_of("/#?@:;&\\[]"), password.size());
    if (end >= kShortestPiece) add_secret(password.substr(0, end));
    password.remove_prefix(std::min(end + 1, password.size()));
  }
}

// Whether the text before a word marks it as a secret: "token=", "Bearer ".
bool announces_secret(std::string_view before) {
  const std::size_t end = before.find_last_not_of(" \t:=\"'");
  if (end == before.npos || end + 1 == before.size()) return false;
  const std::string name = fold_case(before.substr(0, end + 1).substr(end > 13 ? end - 13 : 0));
  return std::ranges::any_of(kTokenNames, [&](auto word) { return name.ends_with(word); });
}

bool is_classic(std::string_view word) {
  return word.size() == kClassicToken &&
         std::ranges::all_of(word, [](char c) { return hex_digit(c).has_value(); });
}

enum class HexDigits { always, announced, never };

// The position of a token in `word`, a maximal run of word characters; npos: none.
std::size_t token_in(std::string_view word, std::string_view before, HexDigits hex) {
  for (const std::string_view prefix : kTokenPrefixes) {
    const std::size_t at = word.find(prefix);
    if (at != word.npos && word.size() - at >= prefix.size() + kShortestToken) return at;
  }
  const bool may_be_hex =
      hex == HexDigits::always || (hex == HexDigits::announced && announces_secret(before));
  const bool is_hex = may_be_hex && is_classic(word);
  return is_hex ? 0 : word.npos;
}

std::string without_tokens(std::string_view text, HexDigits hex) {
  std::string clean;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    const auto end = std::ranges::find_if_not(rest, is_word);
    const auto length = static_cast<std::size_t>(end - rest.begin());
    const std::string_view word = rest.substr(0, length);
    const std::size_t token = token_in(word, text.substr(0, at), hex);
    clean += word.substr(0, token);
    if (token != word.npos) clean += mask(word.substr(token));
    at += length;
    if (at < text.size()) clean += text[at++];
  }
  return clean;
}

// Each prefix of a token ends in "_", which is rare in names and descriptions.
bool holds_prefix(std::string_view data) {
  for (std::size_t at = data.find('_'); at != data.npos; at = data.find('_', at + 1)) {
    const bool is_prefix = std::ranges::any_of(kTokenPrefixes, [&](std::string_view prefix) {
      return data.substr(0, at + 1).ends_with(prefix);
    });
    if (is_prefix) return true;
  }
  return false;
}

// Adds the value that "Basic " sends for this user, with and without padding.
void add_basic(std::string_view userinfo, std::size_t colon) {
  const std::string sent = base64(std::string(userinfo) + (colon == userinfo.npos ? ":" : ""));
  add_secret(sent);
  add_secret(std::string_view(sent).substr(0, sent.find('=')));
}

}  // namespace

bool holds_token(std::string_view text) {
  return without_tokens(text) != text;
}

std::string mask(std::string_view secret) {
  constexpr std::size_t kShown = 4;
  if (secret.size() < 4 * kShown) return "...";
  const std::string_view tail = secret.substr(secret.size() - kShown);
  return std::ranges::all_of(tail, is_word) ? "..." + std::string(tail) : "...";
}

std::string without_tokens(std::string_view text) {
  return without_tokens(text, HexDigits::always);
}

void add_secret(std::string_view secret) {
  secret = trim(secret);
  if (secret.size() < 2) return;
  known_secrets().add(secret);
  for (const std::string_view quote : {"\\\"", "&quot;"})
    known_secrets().add(escaped(secret, quote));
}

void add_secret_words(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kSpace), text.size());
    add_secret(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void add_secrets_of_address(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme != address.npos) address.remove_prefix(scheme + 3);
  const std::size_t at = address.rfind('@');
  if (at == address.npos) return;
  const std::string_view userinfo = address.substr(0, at);
  const std::size_t colon = userinfo.find(':');
  // A user without a password may itself be a token.
  const std::string_view password = colon == userinfo.npos ? userinfo : userinfo.substr(colon + 1);
  add_with_pieces(password);
  add_with_pieces(decoded(password));
  add_basic(userinfo, colon);
  add_basic(decoded(userinfo), colon);
}

void add_secrets_of_addresses_in(std::string_view text) {
  for (const Userinfo& each : userinfos_in(text)) {
    add_secrets_of_address(text.substr(each.begin, each.length + 1));
  }
}

std::string without_secrets(std::string_view text) {
  std::string clean = without_userinfo(text);
  clean = known_secrets().masked(clean);
  return without_credentials(without_tokens(clean, HexDigits::announced));
}

bool may_hold_secret(std::string_view data) {
  return holds_prefix(data) || known_secrets().are_in_data(data);
}

std::string data_without_secrets(std::string_view data) {
  return without_tokens(known_secrets().masked(data, kShortestInData), HexDigits::never);
}

}  // namespace repopipe
