// User and password within an address, also within one that no URL parser takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// Where the address ends that begins `text`.
std::size_t end_of_address(std::string_view text);

// How much of what follows "://" is user and password; 0: nothing.
std::size_t length_of_userinfo(std::string_view rest);

struct Userinfo {
  std::size_t begin;
  std::size_t length;  // without the @
};

// User and password of each address in `text`: SCHEME://U:P@HOST, //U:P@HOST, U:P@HOST.
std::vector<Userinfo> userinfos_in(std::string_view text);

// `text` with "***" for user and password of each address in it.
std::string without_userinfo(std::string_view text);

}  // namespace repopipe
