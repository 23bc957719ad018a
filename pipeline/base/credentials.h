// Finds user and password in addresses, and credentials in header fields.  Used to mask text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// Also finds user and password in addresses that no URL parser accepts.

struct Userinfo {
  std::size_t begin;
  std::size_t length;  // without the "@"
};

// User and password of each address in `text`: SCHEME://U:P@HOST, //U:P@HOST, U:P@HOST.
std::vector<Userinfo> userinfos_in(std::string_view text);

// `text` with "***" in place of user and password of each address.
std::string without_userinfo(std::string_view text);

// `text` with the credentials after "Bearer " and "Basic " masked, unless they are an ordinary
// word.
// https://www.rfc-editor.org/rfc/rfc7617, https://www.rfc-editor.org/rfc/rfc6750
std::string without_credentials(std::string_view text);

}  // namespace repopipe
