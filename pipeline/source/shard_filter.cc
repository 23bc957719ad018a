#include "pipeline/source/shard_filter.h"

#include <vector>

#include "pipeline/source/username_reader.h"

namespace repopipe {

Result<std::vector<Subject>> ShardFilter::next_block() {
  for (;;) {
    auto block = inner_.next_block();
    if (!block || block->empty()) return block;
    std::erase_if(*block, [this](const Subject& subject) { return !shard_.holds(subject.login); });
    if (!block->empty()) return block;
  }
}

Result<std::uint64_t> count_users(const UserList& users, Shard shard) {
  if (shard.is_whole()) return users.count;
  UsernameReader all(users);
  ShardFilter subjects(all, shard);
  std::uint64_t count = 0;
  for (;;) {
    const auto block = subjects.next_block();
    if (!block) return fail(block.error());
    if (block->empty()) return count;
    count += block->size();
  }
}

}  // namespace repopipe
