// Applies one complete listing to `users`, `repos` and their history.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/core/listing.h"
#include "storage/accounts.h"
#include "storage/database.h"
#include "storage/history.h"
#include "storage/repo_columns.h"
#include "storage/repo_updater.h"

namespace repopipe {

// What a listing came to.
struct Applied {
  std::optional<std::int64_t> account;  // nothing when the list is empty and the login unknown
  std::uint64_t seen = 0, added = 0, changed = 0, gone = 0;
};

// Threading: that of the Database, inside the caller's transaction.  Stays where it is.
class RepoWriter {
 public:
  // Rows of this run carry a time from `run_started` on.  `columns` must outlive it.
  RepoWriter(Preparation& prepare, std::int64_t run_id, std::string run_started,
             const RepoColumns& columns);
  RepoWriter(const RepoWriter&) = delete;
  RepoWriter& operator=(const RepoWriter&) = delete;

  // `listing` is complete: what its account had and it lacks is gone.  A repository that is on two
  // pages counts once, as the first page has it.
  Result<Applied> apply(const Listing& listing, std::string_view now);

 private:
  struct Item {
    std::int64_t id;
    RowView row;
  };

  Status gather(const Listing& listing);
  Status resolve_account(std::string_view login);
  Status see_owners(std::string_view login);
  Status see(std::int64_t owner, const RowView& row);
  Status load_present();
  Status write(const Item& item);
  Result<bool> insert(const Item& item);
  Status mark_gone();

  std::int64_t run_id_;
  const RepoColumns& columns_;
  Accounts accounts_;
  History history_;
  RepoUpdater updater_;
  Statement present_of_;
  Statement insert_;

  // Of the listing being applied; members to keep their memory for the next one.
  std::string_view now_;
  std::vector<Item> items_;            // by id, each once
  std::vector<std::int64_t> present_;  // by id: what the account had before
  Applied applied_;
};

}  // namespace repopipe
