// The users of one shard of a job, told from the others while they are read.
#pragma once

#include <cstdint>

#include "pipeline/model/interfaces.h"
#include "pipeline/model/run.h"

namespace repopipe {

// Leaves out the subjects of `inner`, which must outlive it, that another shard has.
class ShardFilter final : public SubjectSource {
 public:
  ShardFilter(SubjectSource& inner, Shard shard) : inner_(inner), shard_(shard) {}

  // Empty only when `inner` is over.
  Result<std::vector<Subject>> next_block() override;

 private:
  SubjectSource& inner_;
  Shard shard_;
};

// How many entries of the list the shard has, duplicates included.  Reads the list once; memory
// stays the same however long it is.
Result<std::uint64_t> count_users(const UserList& users, Shard shard);

}  // namespace repopipe
