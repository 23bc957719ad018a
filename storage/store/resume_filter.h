// The subjects of a job that its run has not settled yet, with what the database knows of them:
// what makes a resumed run short, and a night on which little has changed.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "pipeline/model/interfaces.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Leaves out the subjects of `inner` that have a row in `run_users`, in any spelling, and the
// second of two subjects of one block.  A subject that is left gets its account, its page size, and
// the pages of its last complete listing as far as they are known without a gap.  Threading: one
// thread at a time, which may be another than the writer's: `reader` is a connection of its own,
// from open_reader.
class ResumeFilter final : public SubjectSource {
 public:
  // `inner` must outlive it.
  ResumeFilter(SubjectSource& inner, Database reader, std::int64_t run_id);

  // Empty only when `inner` is over.
  Result<std::vector<Subject>> next_block() override;
  Result<Subject> recall(std::string login) override;

 private:
  // Prepared by the first block.
  struct Queries {
    Statement settled;
    Statement listing;
    Statement pages;
    Statement repos;
  };

  Status prepare();
  Status filter(std::vector<Subject>& block);
  Result<bool> is_settled(const Subject& subject);
  Status complete(Subject& subject);
  Status add_pages(Subject& subject);
  Status count_repos(Subject& subject);

  SubjectSource& inner_;
  Database reader_;
  std::int64_t run_id_;
  std::optional<Queries> queries_;
};

}  // namespace repopipe
