// Applies one complete listing to the records of a resource and their history, and tells `users` of
// the owners.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/listing.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/accounts.h"
#include "storage/store/history.h"
#include "storage/store/record_writer.h"
#include "storage/store/run_interval.h"

namespace repopipe {

// What is known of a listing besides the pages that were read.
struct NotModifiedPages {
  std::optional<std::int64_t> account{};  // whose it was until now
  std::vector<std::int64_t> records{};    // on the kept pages: by id, each once
  std::uint64_t unknown = 0;  // more of them, of pages whose numbers are not stored any more
  bool whole = true;          // false: there are such pages
};

// What a listing came to.
struct Applied {
  Outcome outcome = Outcome::ok;
  std::optional<std::int64_t> account{};  // nothing when the list is empty and the login unknown
  std::string account_login{};            // as the rows tell it; empty without rows
  std::string renamed_to{};               // the account's login now; empty unless `renamed`
  std::optional<std::int64_t> lost{};     // the account that the login does not lead to any more
  std::uint64_t seen = 0, added = 0, changed = 0;
  std::uint64_t ended = 0;  // stays, see StayWriter
  std::string refused{};    // as Stored, like the next
  std::vector<std::string> accounts{};
  bool is_second = false;    // the login was listed in this run before, see MissingRepos
  bool must_reread = false;  // see Stored
};

// Applies what a run learned of one subject and one resource.  Threading: that of the Database,
// inside the caller's transaction.
class ResourceWriter {
 public:
  virtual ~ResourceWriter() = default;
  // A listing of which at least one page was read, or that is empty.  One that is incomplete, or
  // failed, leaves what is known of its pages as it is.
  virtual Result<Applied> apply(const Listing& listing, std::string_view now) = 0;
  // Every page is as it was.
  virtual Result<Applied> confirm(const Listing& listing, std::string_view now) = 0;
  // A subject without a list.
  virtual Result<Applied> miss(const Listing& listing, std::string_view now) = 0;
};

// Threading: that of the Database, inside the caller's transaction.  Stays where it is.
class ListingWriter {
 public:
  // Rows of this run carry a time of `span`.  It, `columns` and `accounts` must outlive it.
  ListingWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                const ResourceColumns& columns, Accounts& accounts);
  ListingWriter(const ListingWriter&) = delete;
  ListingWriter& operator=(const ListingWriter&) = delete;

  // A record that is on two pages counts once, as the first page that was read has it.
  Result<Applied> apply(const Listing& listing, const NotModifiedPages& kept, std::string_view now);

  // What the account of the last listing applied had, and neither its rows nor `kept` have: by id.
  // None if the listing does not tell.
  const std::vector<std::int64_t>& missing(const Listing& listing, const NotModifiedPages& kept);

  // As RecordWriter's.
  std::vector<std::int64_t> take_disputed() { return updater_.take_disputed(); }

  // The records of the account that are gone.
  Result<std::vector<std::int64_t>> gone_of(std::int64_t account);

  // Brings back those of the account's records that are gone and stand on kept pages.  How
  // many that counts as changed.
  Result<std::uint64_t> bring_back(std::int64_t account, const std::vector<std::int64_t>& kept,
                                   std::string_view now);

 private:
  struct Item {
    std::int64_t id;
    RowView row;
  };

  Status gather(const Listing& listing);
  void count(const NotModifiedPages& kept);
  Status resolve_account(const Listing& listing, const NotModifiedPages& kept);
  static bool has_left(const Listing& listing, std::int64_t account);
  Status see_owners(std::string_view login);
  Status see(std::int64_t owner, const RowView& row);
  Status load_present();
  Status write(const Item& item);
  Result<bool> insert(const Item& item);
  Status keep(const NotModifiedPages& kept);
  bool has_item(std::int64_t record) const;

  std::int64_t run_id_;
  const ResourceColumns& columns_;
  Accounts& accounts_;
  History history_;
  RecordWriter updater_;
  Statement present_of_;
  Statement gone_of_;
  Statement insert_;
  std::vector<std::optional<CellView>>
      bound_;  // to insert_, by kept column; none: a text, or nothing

  // Of the listing being applied; members to keep their memory for the next one.
  std::string_view now_;
  std::vector<Item> items_;            // by id, each once
  std::vector<std::int64_t> present_;  // by id: what the account had before
  std::vector<std::int64_t> missing_;  // by id
  Applied applied_;
};

}  // namespace repopipe
