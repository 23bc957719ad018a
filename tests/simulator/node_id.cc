#include "tests/simulator/node_id.h"

namespace repopipe::simulator {
namespace {

enum class Padding { with, without };

// RFC 4648; GitHub's new ids use the URL-safe alphabet without padding, the old ones the classic
// form.
std::string base64(std::string_view bytes, Padding padding) {
  std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  alphabet += padding == Padding::with ? "+/" : "-_";
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text += alphabet[(pending >> (bits - 6)) & 63];
  }
  if (bits > 0) text += alphabet[(pending << (6 - bits)) & 63];
  while (padding == Padding::with && text.size() % 4 != 0) text += '=';
  return text;
}

}  // namespace

std::string old_node_id(std::string_view type, std::uint64_t id) {
  std::string plain = "0" + std::to_string(type.size()) + ":";
  return base64(plain.append(type).append(std::to_string(id)), Padding::with);
}

std::string new_node_id(std::string_view type, std::uint64_t id) {
  const bool wide = id >> 32 != 0;
  std::string packed("\x92\x00", 2);  // MessagePack: an array of two, the first of which is 0
  packed += wide ? '\xcf' : '\xce';
  for (int shift = wide ? 56 : 24; shift >= 0; shift -= 8) packed += static_cast<char>(id >> shift);
  return std::string(1, type[0]) + "_" + base64(packed, Padding::without);
}

}  // namespace repopipe::simulator
