// Where a response leads to: Location (RFC 9110, section 10.2.2) and Link (RFC 8288, section 3.1),
// both of which may be relative.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace repopipe {

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

}  // namespace repopipe
