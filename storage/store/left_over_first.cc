#include "storage/store/left_over_first.h"

#include <utility>

namespace repopipe {
namespace {

constexpr std::string_view kWasReached = "SELECT 1 FROM run_users WHERE run_id = ?1 AND login = ?2";

}  // namespace

LeftOverFirst::LeftOverFirst(SubjectSource& first, SubjectSource& second, Database reader,
                             std::int64_t old_run)
    : first_(first), second_(second), reader_(std::move(reader)), old_run_(old_run) {}

Result<std::vector<Subject>> LeftOverFirst::next_block() {
  for (;;) {
    auto block = is_first_over_ ? second_.next_block() : first_.next_block();
    if (!block) return block;
    if (block->empty() && is_first_over_) return block;
    if (block->empty()) {
      is_first_over_ = true;
      continue;
    }
    if (auto kept = keep(*block, is_first_over_); !kept) return fail(kept.error());
    if (!block->empty()) return block;
  }
}

// Those that the old run reached, or those that it did not.
Status LeftOverFirst::keep(std::vector<Subject>& block, bool reached) {
  if (!find_) {
    auto find = reader_.prepare(kWasReached);
    if (!find) return fail(find.error());
    find_.emplace(std::move(*find));
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const Rewind rewind(*find_);
    const auto found = find_->bind(old_run_, std::string_view(block[i].login)).step();
    if (!found) return fail(found.error());
    if (*found == reached) std::swap(block[kept++], block[i]);
  }
  block.resize(kept);
  return {};
}

}  // namespace repopipe
