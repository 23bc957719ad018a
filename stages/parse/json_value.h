// Reads values of a JSON document (simdjson), with a buffer that is reused between pages.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/http.h"

// simdjson without its assertions in optimised builds: they run at each step of the parser, check
// what the caller has checked, and prevent inlining.  Other assertions are not affected.
#ifndef REPOPIPE_DEBUG
#pragma push_macro("NDEBUG")
#define NDEBUG
#include <simdjson.h>
#pragma pop_macro("NDEBUG")
#include <cassert>  // again: assert follows the NDEBUG of its last inclusion
#else
#include <simdjson.h>
#endif

namespace repopipe {
static_assert(kPadding >= simdjson::SIMDJSON_PADDING);

// Threading: one call at a time.
struct JsonScratch {
  simdjson::ondemand::parser parser;
};

// Values are passed by reference: copying one that was just written in parts causes a
// store-forwarding stall.

// The escapes of a document.  Few strings have any: one search for the next backslash answers for
// all strings before it.
class Escapes {
 public:
  // The document and its parser outlive it.
  Escapes(std::string_view document, const simdjson::ondemand::parser& parser)
      : end_(document.data() + document.size()),
        next_(find_from(document.data())),
        parser_(parser) {}

  // Whether `part` of the document has no backslash.  Call it with parts in ascending order; they
  // may overlap.
  bool none_in(std::string_view part) {
    const char* const end = part.data() + part.size();
    if (end <= next_) return true;
    if (next_ < part.data()) next_ = find_from(part.data());
    return end <= next_;
  }

  // Decodes the string after the quote `raw`, which has `size` bytes with escapes, into `kept`. The
  // parser's own string buffer may be missing (simdjson 3.0 does not check its allocation).
  simdjson::error_code decode(simdjson::ondemand::raw_json_string raw, std::size_t size,
                              std::string& kept) const;

 private:
  const char* find_from(const char* begin) const {
    const void* found = std::memchr(begin, '\\', static_cast<std::size_t>(end_ - begin));
    return found == nullptr ? end_ : static_cast<const char*>(found);
  }

  const char* end_;
  const char* next_;
  const simdjson::ondemand::parser& parser_;
};

// A key as written between its quotes, with escapes.
std::string_view raw_key(simdjson::ondemand::field& field);

// The string as a part of the document, or in `kept` if it has escapes.  Half of a surrogate pair
// and NUL are replaced.
simdjson::error_code read_text(simdjson::ondemand::value& value, Escapes& escapes,
                               std::string& kept, std::string_view& text);

// The time in UTC; empty: it was never set.  INCORRECT_TYPE: it is not a time; `is_past` is set if
// it is a string.
simdjson::error_code read_time(simdjson::ondemand::value& value, Escapes& escapes,
                               std::string& kept, std::string_view& time, bool& is_past);

// Reads an array of strings as compact JSON; escapes stay.  INCORRECT_TYPE: it is not an array, and
// was not read; or an element is not a string.
simdjson::error_code read_text_list(simdjson::ondemand::value& value, Escapes& escapes,
                                    std::string& json);

// Skips a value that is not used, and checks that it is valid.
simdjson::error_code check_value(simdjson::ondemand::value& value, Escapes& escapes);

// Checks that an unused field is valid.  simdjson would skip it without looking inside, but an
// error there means that the body is damaged.
simdjson::error_code check_field(simdjson::ondemand::field& field, Escapes& escapes);

// The keys of a field table on one level of nesting.

// Looks up a key.
class MemberIndex {
 public:
  struct Entry {
    std::string_view key;
    int field;              // index of the field; -1: an object with fields
    int nested;             // index of the level of that object; -1: none
    bool is_older = false;  // used only if the newer name is missing
  };

  void add(Entry entry);
  // Null: the key is not in the table.
  const Entry* find(std::string_view key) const {
    if (key.empty()) return nullptr;
    for (std::size_t slot = slot_of(key); slots_[slot] != 0; slot = (slot + 1) % kSlots) {
      const Entry& entry = entries_[slots_[slot] - 1U];
      if (entry.key == key) return &entry;
    }
    return nullptr;
  }

 private:
  // Several times the number of fields, so that the slot of an unknown key is usually empty.
  static constexpr std::size_t kSlots = 256;

  static std::size_t slot_of(std::string_view key) {
    const auto byte = [key](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(key[at]));
    };
    const std::size_t size = key.size();
    return (size + 5 * byte(0) + 17 * byte(size / 2) + 31 * byte(size - 1)) % kSlots;
  }

  std::vector<Entry> entries_;
  std::array<std::uint8_t, kSlots> slots_{};  // index in `entries_` plus one; 0: empty
};

}  // namespace repopipe
