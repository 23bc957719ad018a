// URLs: base addresses, references below them (RFC 3986), and percent-encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

// Percent-encoding of one path segment (RFC 3986, section 2.1).

// Everything but letters, digits and "-._~" is encoded, so a login can never leave its segment.
std::string percent_encode(std::string_view segment);

// Where a response leads to: Location (RFC 9110, section 10.2.2) and Link (RFC 8288, section 3.1),
// both of which may be relative.

// The part behind `base_url` of what `reference` names when it stands in the response to `target`;
// it begins with '/'.  Nothing when scheme, host or port differ from the base's or the path does
// not begin like its path, "." and ".." resolved.  Default ports and the case of the host do not
// matter.
std::optional<std::string> target_below(std::string_view base_url, std::string_view target,
                                        std::string_view reference);

// Path and query of what `reference` names, whatever its scheme, host and port, "." and ".."
// resolved.  Nothing when it is no address.
std::optional<std::string> path_of(std::string_view base_url, std::string_view target,
                                   std::string_view reference);

// Scheme, host and port of what `reference` names, in lower case and without user and password;
// empty when it is no address.
std::string origin_of(std::string_view base_url, std::string_view target,
                      std::string_view reference);

// Whether `reference` names another scheme, host or port than `base_url`.
bool is_elsewhere(std::string_view base_url, std::string_view target, std::string_view reference);

// The address of an API, as RFC 3986 has it but without query, fragment and credentials.

struct BaseUrl {
  std::string text;       // without a slash at the end
  std::string complaint;  // "is ...: ...", to follow the key; empty: the address is good
};

BaseUrl check_base_url(std::string_view text);

// The name alone of a good address: in lower case, without port, and without the dot of the root.
std::string host_of(std::string_view url);

}  // namespace repopipe
