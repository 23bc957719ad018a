// Secrets of addresses: their userinfo, and the credentials that are sent for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// User and password within an address, also within one that no URL parser takes.

struct Userinfo {
  std::size_t begin;
  std::size_t length;  // without the @
};

// User and password of each address in `text`: SCHEME://U:P@HOST, //U:P@HOST, U:P@HOST.
std::vector<Userinfo> userinfos_in(std::string_view text);

// `text` with "***" for user and password of each address in it.
std::string without_userinfo(std::string_view text);

// Credentials in a text by what stands before them, whatever their form is.

// `text` with what follows "Bearer " and "Basic " masked, unless it is an ordinary word.
// https://www.rfc-editor.org/rfc/rfc7617, https://www.rfc-editor.org/rfc/rfc6750
std::string without_credentials(std::string_view text);

}  // namespace repopipe
