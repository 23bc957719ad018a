// The users that an unfinished run did not reach come first in the run that takes its place.
#pragma once

#include <cstdint>
#include <optional>

#include "pipeline/model/interfaces.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Reads the same users twice: first those without a row of the old run in `run_users`, then the
// others.  Memory stays that of a block.  Threading: as ResumeFilter.
class LeftOverFirst final : public SubjectSource {
 public:
  // `first` and `second` are over the same users, and outlive it, as does what `reader` is for.
  LeftOverFirst(SubjectSource& first, SubjectSource& second, Database reader, std::int64_t old_run);

  // Empty only when both are over.
  Result<std::vector<Subject>> next_block() override;
  Result<Subject> recall(std::string login) override { return first_.recall(std::move(login)); }

 private:
  Status keep(std::vector<Subject>& block, bool reached);

  SubjectSource& first_;
  SubjectSource& second_;
  Database reader_;
  std::int64_t old_run_;
  std::optional<Statement> find_;
  bool is_first_over_ = false;
};

}  // namespace repopipe
