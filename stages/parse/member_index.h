// The keys of a field table, for the reader of JSON rows.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace repopipe {

// Finds what a field table says of a key, on one level of nesting.
class MemberIndex {
 public:
  static constexpr std::size_t kLengths = 32;  // every key is shorter

  struct Entry {
    std::string_view key;
    int field;              // which field of the table; -1: none, an object with fields inside
    int nested;             // which level describes that object; -1: none
    bool is_older = false;  // counts only where the newer name is missing
  };

  void add(Entry entry);
  // Null when the table has nothing under that key.
  const Entry* find(std::string_view key) const;

 private:
  std::array<std::vector<Entry>, kLengths> by_length_;
};

}  // namespace repopipe
