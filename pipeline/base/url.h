// URLs: base addresses, references to addresses below them (RFC 3986), percent-encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// Percent-encodes one path segment (RFC 3986, section 2.1): everything except letters, digits and
// "-._~", so that a login cannot contain a "/".
std::string percent_encode(std::string_view segment);

// References in a response, which may be relative: Location (RFC 9110, section 10.2.2) and Link
// (RFC 8288, section 3.1).

// `reference` from the response to `target`, as path and query below `base_url`, beginning with
// "/", with "." and ".." resolved.  Nothing if scheme, host or port differ from those of
// `base_url`, or if its path is not below that of `base_url`.  Default ports and the case of the
// host do not matter.
std::optional<std::string> target_below(std::string_view base_url, std::string_view target,
                                        std::string_view reference);

// Path and query of `reference`, with any scheme, host and port, "." and ".." resolved.  Nothing:
// it is not an address.
std::optional<std::string> path_of(std::string_view base_url, std::string_view target,
                                   std::string_view reference);

// Scheme, host and port of `reference` in lower case, without user and password; empty: it is not
// an address.
std::string origin_of(std::string_view base_url, std::string_view target,
                      std::string_view reference);

// Whether `reference` names another scheme, host or port than `base_url`.
bool is_elsewhere(std::string_view base_url, std::string_view target, std::string_view reference);

// The address of an API (RFC 3986), without query, fragment and credentials.

struct BaseUrl {
  std::string text;       // without a trailing slash
  std::string complaint;  // "is ...: ...", to follow the key; empty: the address is valid
};

BaseUrl check_base_url(std::string_view text);

// The host of a valid address, in lower case, without port and trailing dot.
std::string host_of(std::string_view url);

}  // namespace repopipe
