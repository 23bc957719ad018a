// The users of a job in the order they are written: those of the job file, then those of its list.
#pragma once

#include <cstddef>

#include "pipeline/model/interfaces.h"
#include "pipeline/source/line_reader.h"

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

}  // namespace repopipe
