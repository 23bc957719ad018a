// The subjects under way, from their first request until they are in the database.  A slot map:
// tasks name their subject by a handle, so a login is folded when it comes and not for each task.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pipeline/model/task.h"
#include "pipeline/plan/subject_state.h"

namespace repopipe {

// Threading: that of Plan.  A reference to a state is good until the state is removed.
class SubjectTable {
 public:
  // A new state; its key, see key_of, must not be under way.
  SubjectState& add(std::string key);
  // Throws std::out_of_range for a handle whose subject was removed.
  SubjectState& at(SubjectHandle handle);
  // Null: it is not under way.
  SubjectState* find(std::string_view key);
  bool contains(std::string_view key) const;
  // Its handle is of no use from now on, also when the slot is used again.
  void remove(SubjectHandle handle);

  std::size_t size() const { return slots_by_key_.size(); }
  bool is_empty() const { return slots_by_key_.empty(); }

  template <class Action>
  void for_each(Action&& action) {
    for (Slot& slot : slots_) {
      if (slot.state) action(*slot.state);
    }
  }
  void clear();

 private:
  struct Slot {
    std::uint32_t generation = 0;
    std::optional<SubjectState> state{};
  };
  void empty(std::uint32_t index);

  std::deque<Slot> slots_{};
  std::vector<std::uint32_t> free_{};  // slots without a state
  std::unordered_map<std::string, std::uint32_t> slots_by_key_{};
};

}  // namespace repopipe
