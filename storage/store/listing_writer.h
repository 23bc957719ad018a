// Applies one complete listing to the records of a resource, their history, and the owners in
// `users`.  Used by SqliteStore.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/listing.h"
#include "storage/records/history.h"
#include "storage/records/record_writer.h"
#include "storage/records/run_interval.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"
#include "storage/store/accounts.h"

namespace repopipe {

// The stored state of the pages of a listing that were answered with 304.
struct NotModifiedPages {
  std::optional<std::int64_t> account{};  // the account of the stored listing
  std::vector<std::int64_t> records{};    // on these pages: by id, each once
  std::uint64_t unknown = 0;  // more records, on pages whose ids are not stored any more
  bool whole = true;          // false: there are such pages
};

// The result of a listing.
struct Applied {
  Outcome outcome = Outcome::ok;
  std::optional<std::int64_t> account{};  // nothing if the list is empty and the login unknown
  std::string account_login{};            // from the rows; empty without rows
  std::string renamed_to{};               // the account's current login; empty unless `renamed`
  std::optional<std::int64_t> lost{};     // the account that no longer has the login
  std::uint64_t seen = 0, added = 0, changed = 0;
  std::uint64_t ended = 0;  // stays, see StayWriter
  std::string refused{};    // as Stored, like the next
  std::vector<std::string> accounts{};
  bool is_second = false;    // the second listing of the login in this run, see MissingRecords
  bool must_reread = false;  // see Stored
};

// Applies the listings of one resource.  Threading: that of the Database, inside the caller's
// transaction.
class ResourceWriter {
 public:
  virtual ~ResourceWriter() = default;
  // A listing of which at least one page was read, or an empty one.  An incomplete or failed
  // listing does not change the stored pages.
  virtual Result<Applied> apply(const Listing& listing, std::string_view now) = 0;
  // A listing of which no page has changed.
  virtual Result<Applied> confirm(const Listing& listing, std::string_view now) = 0;
  // A subject without a list.
  virtual Result<Applied> miss(const Listing& listing, std::string_view now) = 0;
};

// Threading: that of the Database, inside the caller's transaction.  Cannot be moved.
class ListingWriter {
 public:
  // Rows of this run have a time within `span`.  `span`, `columns` and `accounts` outlive this.
  ListingWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                const ResourceColumns& columns, Accounts& accounts);
  ListingWriter(const ListingWriter&) = delete;
  ListingWriter& operator=(const ListingWriter&) = delete;

  // A record on two pages counts once, with the values of the first page.
  Result<Applied> apply(const Listing& listing, const NotModifiedPages& unchanged,
                        std::string_view now);

  // The records that the account of the last applied listing had, and that are neither in its rows
  // nor in `unchanged`: by id.  Empty if the listing cannot tell, because it may be incomplete.
  const std::vector<std::int64_t>& missing(const Listing& listing,
                                           const NotModifiedPages& unchanged);

  // See RecordWriter.
  std::vector<std::int64_t> take_disputed() { return updater_.take_disputed(); }

  // The ids of the account's records that are gone.
  Result<std::vector<std::int64_t>> gone_of(std::int64_t account);

  // Restores the account's records that are gone and are on unchanged pages.  Returns how many
  // records this changed.
  Result<std::uint64_t> bring_back(std::int64_t account, const std::vector<std::int64_t>& unchanged,
                                   std::string_view now);

 private:
  struct Item {
    std::int64_t id;
    RowView row;
  };

  Status gather(const Listing& listing);
  void count(const NotModifiedPages& unchanged);
  Status resolve_account(const Listing& listing, const NotModifiedPages& unchanged);
  static bool has_left(const Listing& listing, std::int64_t account);
  Status see_owners(std::string_view login);
  Status see(std::int64_t owner, const RowView& row);
  Status load_present();
  Status write(const Item& item);
  Result<bool> insert(const Item& item);
  Status restore(const NotModifiedPages& unchanged);
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
      bound_;  // values bound to insert_, by stored column; nothing: a text, or not bound

  // The state of one call; members, so that their memory is reused.
  std::string_view now_;
  std::vector<Item> items_;            // by id, each once
  std::vector<std::int64_t> present_;  // by id: what the account had before
  std::vector<std::int64_t> missing_;  // by id
  Applied applied_;
};

}  // namespace repopipe
