// Sources of the subjects of a job, in order: first those of the job file, then those of its list.
// Used to assemble a run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pipeline/model/interfaces.h"
#include "pipeline/model/run.h"
#include "pipeline/source/username_file.h"

namespace repopipe {

// Reads all subjects of a job, with duplicates.  `users` outlives the reader.  Several readers may
// read the same list, also at the same time.  If the list was changed after its check and has an
// entry that is not a username, next_block fails with kind `job`.
class UsernameReader final : public SubjectSource {
 public:
  explicit UsernameReader(const UserList& users);

  // Up to 256 subjects.  Memory does not depend on the length of the list.
  Result<std::vector<Subject>> next_block() override;

 private:
  const UserList& users_;
  std::size_t next_inline_ = 0;
  LineReader lines_;
};

// The subjects of one shard: drops the users of `inner` that belong to another shard.  `inner`
// outlives the filter.  Each shard reads all lists of accounts, such as `members:acme`, and keeps
// its share of their users.
class ShardFilter final : public SubjectSource {
 public:
  ShardFilter(SubjectSource& inner, Shard shard) : inner_(inner), shard_(shard) {}

  // Empty only at the end of `inner`.
  Result<std::vector<Subject>> next_block() override;
  Result<std::vector<Subject>> expand(std::vector<Subject> subjects) override;

 private:
  void drop_others(std::vector<Subject>& subjects) const;

  SubjectSource& inner_;
  Shard shard_;
};

// The number of entries of the shard, with duplicates.  Reads the list once.  Memory does not
// depend on its length.
Result<std::uint64_t> count_users(const UserList& users, Shard shard);

}  // namespace repopipe
