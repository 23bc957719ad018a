#include "pipeline/base/reference.h"

#include <algorithm>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

struct Address {
  std::string origin;  // scheme and authority in lower case, without a default port
  std::string path;    // and query
};

std::optional<Address> split(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::size_t path = std::min(url.find_first_of("/?", scheme + 3), url.size());
  std::string origin = fold_case(url.substr(0, path));
  const bool is_default = (origin.starts_with("https:") && origin.ends_with(":443")) ||
                          (origin.starts_with("http:") && origin.ends_with(":80"));
  if (is_default) origin.erase(origin.rfind(':'));
  return Address{std::move(origin), std::string(url.substr(path))};
}

std::string_view without_query(std::string_view path) {
  return path.substr(0, path.find('?'));
}

// The address of `reference` as seen from another one (RFC 3986, section 5.2.2).
std::optional<Address> resolve(const Address& from, std::string_view reference) {
  const std::string_view path = without_query(reference);
  std::string scheme = from.origin.substr(0, from.origin.find("//"));
  if (path.starts_with("//")) return split(scheme.append(reference));
  if (path.substr(0, path.find('/')).find(':') != std::string_view::npos) return split(reference);
  if (path.starts_with('/')) return Address{from.origin, std::string(reference)};
  const std::string_view own = without_query(from.path);
  const std::size_t kept = path.empty() ? own.size() : own.rfind('/') + 1;
  return Address{from.origin, std::string(own.substr(0, kept)).append(reference)};
}

// 1 or 2 for a segment that means here or one up, also when it is percent-encoded: whoever is asked
// may decode it first.
int dots_of(std::string_view segment) {
  int dots = 0;
  while (!segment.empty()) {
    const bool is_encoded = equal_ignoring_case(segment.substr(0, 3), "%2e");
    if (!is_encoded && segment.front() != '.') return 0;
    segment.remove_prefix(is_encoded ? 3 : 1);
    ++dots;
  }
  return dots <= 2 ? dots : 0;
}

std::string without_dots(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const int dots = dots_of(segment);
    if (dots == 2 && !plain.empty()) plain.erase(plain.rfind('/'));
    if (dots == 0) plain.append("/").append(segment);
    if (dots != 0 && path.empty()) plain += '/';
  }
  return plain;
}

struct Led {  // from `base` to `full`
  Address base;
  Address full;

  bool is_elsewhere() const { return full.origin != base.origin; }
};

std::optional<Led> follow(std::string_view base_url, std::string_view target,
                          std::string_view reference) {
  const auto is_no_url = [](char c) { return (c >= '\0' && c <= ' ') || c == '\x7f'; };
  if (std::ranges::any_of(reference, is_no_url)) return std::nullopt;
  reference = reference.substr(0, reference.find('#'));
  auto base = split(base_url);
  if (!base) return std::nullopt;
  auto full = resolve({base->origin, std::string(base->path).append(target)}, reference);
  if (!full || !full->path.starts_with('/')) return std::nullopt;
  return Led{std::move(*base), std::move(*full)};
}

}  // namespace

std::optional<std::string> target_below(std::string_view base_url, std::string_view target,
                                        std::string_view reference) {
  const auto led = follow(base_url, target, reference);
  if (!led || led->is_elsewhere()) return std::nullopt;
  const std::string_view path = without_query(led->full.path);
  std::string below = without_dots(path);
  if (!below.starts_with(led->base.path)) return std::nullopt;
  below.erase(0, led->base.path.size());
  if (!below.starts_with('/')) return std::nullopt;
  return below.append(std::string_view(led->full.path).substr(path.size()));
}

std::optional<std::string> path_of(std::string_view base_url, std::string_view target,
                                   std::string_view reference) {
  const auto led = follow(base_url, target, reference);
  if (!led) return std::nullopt;
  const std::string_view path = without_query(led->full.path);
  return without_dots(path).append(std::string_view(led->full.path).substr(path.size()));
}

std::string origin_of(std::string_view base_url, std::string_view target,
                      std::string_view reference) {
  auto led = follow(base_url, target, reference);
  if (!led) return {};
  std::string& origin = led->full.origin;
  const std::size_t user = origin.find("://") + 3, at = origin.rfind('@');
  if (at != origin.npos) origin.erase(user, at + 1 - user);
  return std::move(origin);
}

bool is_elsewhere(std::string_view base_url, std::string_view target, std::string_view reference) {
  const auto led = follow(base_url, target, reference);
  return led && led->is_elsewhere();
}

}  // namespace repopipe
