// Applies listings of a resource whose rows are stays, such as the members of an organisation.  A
// stay is the time during which a record was in the list of an account.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/listing.h"
#include "storage/records/run_interval.h"
#include "storage/records/stay_table.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/accounts.h"
#include "storage/store/listing_writer.h"
#include "storage/store/page_validators.h"

namespace repopipe {

// A stay begins when a list has the record, and ends when a complete list lacks it.  A record that
// returns begins another stay.  If a list of several pages lacks a record, a second reading must
// confirm it, because records can move between pages.
// Threading: that of the Database, inside the caller's transaction.  Cannot be moved.
class StayWriter final : public ResourceWriter {
 public:
  // Rows of this run have a time within `span`.  `span` and `columns` outlive this. `most_vanished`
  // is the share of the known records that a list may lack, see too_many_vanished.
  StayWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
             const ResourceColumns& columns, double most_vanished);

  // Writes nothing for a list that is refused.
  Result<Applied> apply(const Listing& listing, std::string_view now) override;
  Result<Applied> confirm(const Listing& listing, std::string_view now) override;
  Result<Applied> miss(const Listing& listing, std::string_view now) override;

 private:
  struct Row {
    std::int64_t id;
    RowView row;
  };

  Result<Applied> take(const Listing& listing, const KnownListing& known, Applied applied);
  Status gather(const Listing& listing);
  Status load_unchanged(const Listing& listing);
  void find_missing(const Listing& listing);
  Status see_parent(const Listing& listing, Applied& applied);
  Status note_renamed(const Listing& listing);
  Status write_rows(Applied& applied);
  Status see_record(const RowView& row, std::int64_t id);
  Status restore_unchanged(Applied& applied);
  Status end_missing(const Listing& listing, Applied& applied);
  void count_first_reading(Applied& applied) const;
  Status touch_unchanged();
  Status add_accounts(Applied& applied);
  bool is_listed(std::int64_t id) const;
  const Stay* present(std::int64_t id) const;

  const ResourceColumns& columns_;
  const RunInterval& span_;
  double most_vanished_;
  bool is_account_;  // a record is an account
  Accounts accounts_;
  PageValidators listings_;
  StayTable table_;
  Statement logins_;

  // The state of one call; members, so that their memory is reused.
  std::string_view now_;
  std::int64_t parent_ = 0;
  std::vector<Row> rows_;                // by id, each once
  std::vector<std::int64_t> unchanged_;  // on unchanged pages: by id, each once
  bool is_whole_ = true;                 // false: the ids of a page are unknown
  std::vector<Stay> stays_;              // the open ones, by id
  std::vector<const Stay*> missing_;
};

}  // namespace repopipe
