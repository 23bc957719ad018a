// The users of a job in the order they are written: those of the job file, then those of its list.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pipeline/model/interfaces.h"
#include "pipeline/model/run.h"
#include "pipeline/source/username_file.h"

namespace repopipe {
// Several readers may read the same list, one after the other or at once.  `users` outlives them.
// Duplicates are passed on.  A list that was changed since it was checked and now holds something
// that cannot be a username is a failure of kind `job`.
class UsernameReader final : public SubjectSource {
 public:
  explicit UsernameReader(const UserList& users);

  // Up to 256 users; memory stays the same however long the list is.
  Result<std::vector<Subject>> next_block() override;

 private:
  const UserList& users_;
  std::size_t next_inline_ = 0;
  LineReader lines_;
};

// The users of one shard of a job, told from the others while they are read.

// Leaves out the users of `inner`, which must outlive it, that another shard has.  Every shard
// reads the lists that bring users, and lists its share of those.
class ShardFilter final : public SubjectSource {
 public:
  ShardFilter(SubjectSource& inner, Shard shard) : inner_(inner), shard_(shard) {}

  // Empty only when `inner` is over.
  Result<std::vector<Subject>> next_block() override;
  Result<std::vector<Subject>> expand(std::vector<Subject> subjects) override;

 private:
  void drop_others(std::vector<Subject>& subjects) const;

  SubjectSource& inner_;
  Shard shard_;
};

// How many entries of the list the shard has, duplicates included.  Reads the list once; memory
// stays the same however long it is.
Result<std::uint64_t> count_users(const UserList& users, Shard shard);

}  // namespace repopipe
