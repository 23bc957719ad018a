// Filters of the subjects of a run: ResumeFilter drops those that the run has already done, and
// LeftOverFirst puts those first that an abandoned run has not done.
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
// others.  Memory is that of one block.  Threading: as ResumeFilter.
class LeftOverFirst final : public SubjectSource {
 public:
  // `first` and `second` read the same users; both outlive this.  `reader` is a connection of its
  // own, from open_reader.
  LeftOverFirst(SubjectSource& first, SubjectSource& second, Database reader, std::int64_t old_run);

  // Empty only at the end of both.
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

// The subjects of `inner` that the run has not done yet, with their stored state.  Drops subjects
// that have a row in `run_users` or `run_listings` (case is ignored), and duplicates within a
// block.  If the run has done a list of accounts, returns its stored accounts instead.  Adds to
// each subject its account, its page size, and the stored pages of its last complete listing, up to
// the first gap. Threading: one thread at a time, which may differ from the writer's: `reader` is a
// connection of its own, from open_reader.
class ResumeFilter final : public SubjectSource {
 public:
  // `inner` and `resources` outlive this.
  ResumeFilter(SubjectSource& inner, Database reader, std::int64_t run_id, Resources resources);

  // Empty only at the end of `inner`.
  Result<std::vector<Subject>> next_block() override;
  Result<Subject> recall(Subject subject) override;
  Result<std::vector<Subject>> expand(std::vector<Subject> subjects) override;

 private:
  // The queries of one resource; prepared by the first block.
  struct Queries {
    Statement settled;
    Statement listing;
    Statement pages;
    Statement count;
    std::optional<Statement> accounts{};  // the accounts of its records, if it expands
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
