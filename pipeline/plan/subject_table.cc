#include "pipeline/plan/subject_table.h"

#include <cassert>
#include <stdexcept>

namespace repopipe {

SubjectState& SubjectTable::add(std::string key) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  const bool is_new = slots_by_key_.emplace(key, index).second;
  assert(is_new);
  static_cast<void>(is_new);
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.state.emplace();
  slot.state->handle = {index, ++slot.generation};
  slot.state->listing.subject = slot.state->handle;
  slot.state->key = std::move(key);
  return *slot.state;
}

SubjectState& SubjectTable::at(SubjectHandle handle) {
  Slot& slot = slots_.at(handle.index);
  if (slot.generation != handle.generation || !slot.state) {
    throw std::out_of_range("a task of a subject that is not under way");
  }
  return *slot.state;
}

SubjectState* SubjectTable::find(std::string_view key) {
  const auto found = slots_by_key_.find(std::string(key));
  return found == slots_by_key_.end() ? nullptr : &*slots_[found->second].state;
}

bool SubjectTable::contains(std::string_view key) const {
  return slots_by_key_.contains(std::string(key));
}

void SubjectTable::remove(SubjectHandle handle) {
  slots_by_key_.erase(at(handle).key);
  empty(handle.index);
}

void SubjectTable::clear() {
  slots_by_key_.clear();
  for (std::uint32_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].state) empty(index);
  }
}

void SubjectTable::empty(std::uint32_t index) {
  slots_[index].state.reset();
  free_.push_back(index);
}

}  // namespace repopipe
