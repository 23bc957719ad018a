#include "stages/parse/member_index.h"

#include <cassert>

namespace repopipe {

void MemberIndex::add(Entry entry) {
  assert(entry.key.size() < kLengths);
  by_length_[entry.key.size()].push_back(entry);
}

const MemberIndex::Entry* MemberIndex::find(std::string_view key) const {
  if (key.size() >= kLengths) return nullptr;
  for (const Entry& entry : by_length_[key.size()]) {
    // Most keys of one length differ here already.
    if (entry.key.front() != key.front() || entry.key.back() != key.back()) continue;
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

}  // namespace repopipe
