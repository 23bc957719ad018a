// The users that an unfinished run did not reach come first in the run that takes its place.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/model/interfaces.h"
#include "storage/schema/resource_columns.h"
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
  Result<Subject> recall(Subject subject) override { return first_.recall(std::move(subject)); }
  Result<std::vector<Subject>> expand(std::vector<Subject> subjects) override {
    return first_.expand(std::move(subjects));
  }

 private:
  Status keep(std::vector<Subject>& block, bool reached);

  SubjectSource& first_;
  SubjectSource& second_;
  Database reader_;
  std::int64_t old_run_;
  std::optional<Statement> find_;
  bool is_first_over_ = false;
};

// The subjects of a job that its run has not settled yet, with what the database knows of them:
// what makes a resumed run short, and a night on which little has changed.

// Leaves out the subjects of `inner` that have a row in `run_users` or `run_listings`, in any
// spelling, and the second of two subjects of one block.  In the place of a list that brings users
// stand those that the database knows of it.  A subject that is left gets its account, its page
// size, and the pages of its last complete listing as far as they are known without a gap.
// Threading: one thread at a time, which may be another than the writer's: `reader` is a connection
// of its own, from open_reader.
class ResumeFilter final : public SubjectSource {
 public:
  // `inner` and `resources` must outlive it.
  ResumeFilter(SubjectSource& inner, Database reader, std::int64_t run_id, Resources resources);

  // Empty only when `inner` is over.
  Result<std::vector<Subject>> next_block() override;
  Result<Subject> recall(Subject subject) override;
  Result<std::vector<Subject>> expand(std::vector<Subject> subjects) override;

 private:
  // Of a resource; prepared by the first block.
  struct Queries {
    Statement settled;
    Statement listing;
    Statement pages;
    Statement count;
    std::optional<Statement> accounts{};  // what its records name, if it expands
  };

  Status prepare();
  Status filter(std::vector<Subject>& block, std::vector<Subject>& accounts);
  static Status add_accounts(Queries& queries, const Subject& subject,
                             std::vector<Subject>& accounts);
  Result<Queries*> queries_for(const Subject& subject);
  Result<bool> is_settled(Queries& queries, const Subject& subject);
  static Status add_pages(Queries& queries, Subject& subject);
  static Status count_records(Queries& queries, Subject& subject);
  Status complete(Queries& queries, Subject& subject);

  SubjectSource& inner_;
  Database reader_;
  std::int64_t run_id_;
  std::vector<ResourceColumns> resources_;
  std::map<int, Queries> queries_;
};

}  // namespace repopipe
