// The address of an API, as RFC 3986 has it but without query, fragment and credentials.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

struct BaseUrl {
  std::string text;       // without a slash at the end
  std::string complaint;  // "is ...: ...", to follow the key; empty: the address is good
};

BaseUrl check_base_url(std::string_view text);

// The name alone of a good address: in lower case, without port, and without the dot of the root.
std::string host_of(std::string_view url);

}  // namespace repopipe
