// User and password within an address, also within one that no URL parser takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

struct Userinfo {
  std::size_t begin;
  std::size_t length;  // without the @
};

// User and password of each address in `text`: SCHEME://U:P@HOST, //U:P@HOST, U:P@HOST.
std::vector<Userinfo> userinfos_in(std::string_view text);

// `text` with "***" for user and password of each address in it.
std::string without_userinfo(std::string_view text);

}  // namespace repopipe
