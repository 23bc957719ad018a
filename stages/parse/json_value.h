// The memory of the JSON parser, used again from page to page.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/http.h"
#include "stages/parse/simdjson.h"

namespace repopipe {
static_assert(kPadding >= simdjson::SIMDJSON_PADDING);

// Threading: one call at a time.
struct JsonScratch {
  simdjson::ondemand::parser parser;
};

// Values of a JSON document, as all readers here take them.  They go by reference:
// a copy of what has just been written in parts waits for the parts.

// Where the escapes of a document are, and what they stand for.  Few of its texts have any, and one
// search for the next backslash tells so of all texts before it.
class Escapes {
 public:
  // The document and its parser outlive it.
  Escapes(std::string_view document, const simdjson::ondemand::parser& parser)
      : end_(document.data() + document.size()),
        next_(find_from(document.data())),
        parser_(parser) {}

  // Whether no backslash stands in `part` of the document.  Parts are asked about from the
  // document's front to its end; they may overlap.
  bool none_in(std::string_view part) {
    const char* const end = part.data() + part.size();
    if (end <= next_) return true;
    if (next_ < part.data()) next_ = find_from(part.data());
    return end <= next_;
  }

  // The text that begins behind the quote `raw`, which is `size` bytes long with its escapes.  It
  // is written to `kept`: the parser's own memory for texts may be missing (simdjson 3.0 does not
  // ask whether it was allocated).
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

// A field's key as it stands between its quotes, escapes and all.
std::string_view raw_key(simdjson::ondemand::field& field);

// A part of the document, or in `kept` where it has escapes.  Half of a surrogate pair and a NUL,
// which nobody stores, are replaced.
simdjson::error_code read_text(simdjson::ondemand::value& value, Escapes& escapes,
                               std::string& kept, std::string_view& text);

// In UTC; empty: it was never set.  INCORRECT_TYPE: it is no time, and `is_past` if it is a text.
simdjson::error_code read_time(simdjson::ondemand::value& value, Escapes& escapes,
                               std::string& kept, std::string_view& time, bool& is_past);

// An array of texts as compact JSON, read to its end.  Elements keep their escapes. INCORRECT_TYPE:
// it is no array, and is not read, or one of its elements is no text.
simdjson::error_code read_text_list(simdjson::ondemand::value& value, Escapes& escapes,
                                    std::string& json);

// Whether a value that nobody reads is well formed, and past it.
simdjson::error_code check_value(simdjson::ondemand::value& value, Escapes& escapes);

// Whether a field that nobody reads is well formed.  simdjson would pass over it without a look
// inside, and a body that is damaged there is damaged.
simdjson::error_code check_field(simdjson::ondemand::field& field, Escapes& escapes);

// The keys of a field table, for the reader of JSON rows.

// Finds what a field table says of a key, on one level of nesting.
class MemberIndex {
 public:
  struct Entry {
    std::string_view key;
    int field;              // which field of the table; -1: none, an object with fields inside
    int nested;             // which level describes that object; -1: none
    bool is_older = false;  // counts only where the newer name is missing
  };

  void add(Entry entry);
  // Null when the table has nothing under that key.
  const Entry* find(std::string_view key) const {
    if (key.empty()) return nullptr;
    for (std::size_t slot = slot_of(key); slots_[slot] != 0; slot = (slot + 1) % kSlots) {
      const Entry& entry = entries_[slots_[slot] - 1U];
      if (entry.key == key) return &entry;
    }
    return nullptr;
  }

 private:
  // Several times as many as a table has fields: the slot of a key that it lacks is mostly empty.
  static constexpr std::size_t kSlots = 256;

  static std::size_t slot_of(std::string_view key) {
    const auto byte = [key](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(key[at]));
    };
    const std::size_t size = key.size();
    return (size + 5 * byte(0) + 17 * byte(size / 2) + 31 * byte(size - 1)) % kSlots;
  }

  std::vector<Entry> entries_;
  std::array<std::uint8_t, kSlots> slots_{};  // one more than the place in `entries_`; 0: empty
};

}  // namespace repopipe
