// The tables `listings` and `pages`: where each login led last, and what its last complete listing
// was, page by page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model/listing.h"
#include "storage/schema/resource_columns.h"
#include "storage/sqlite/database.h"

namespace repopipe {

struct KnownListing {
  bool stored = false;                    // false: the login is new
  std::optional<std::int64_t> account{};  // nothing: it never led to an account with a repository
  bool was_empty = false;                 // `empty_since` is set
};

// Threading: that of the Database, inside the caller's transaction.
class PageValidators {
 public:
  PageValidators(Preparation& prepare, const ResourceColumns& columns);

  Result<KnownListing> find(std::string_view login);

  // Appends the repositories of a stored page, also those whose records could not be read.  False:
  // that page is not stored.
  Result<bool> add_records(std::string_view login, int page, std::vector<std::int64_t>& records);

  // The complete listing takes the place of what was `known`: kept pages stay as they are but for
  // a new successor, and an account that it does not tell stays too.  `now` is the moment of the
  // listing.
  Status replace(const Listing& listing, std::optional<std::int64_t> account,
                 const KnownListing& known, std::string_view now);

  // A listing of which nothing has changed: counts the run for its page size.
  Status confirm(const Listing& listing, const KnownListing& known);

  // The listing may lack something: of a login that is new the account is kept, and of its pages
  // nothing.
  Status remember(const Listing& listing, std::optional<std::int64_t> account,
                  std::string_view now);

  // The next run reads every page of it, whether it has changed or not.
  Status read_anew(std::string_view login);
  Status read_anew(std::int64_t account);

 private:
  Status keep_page(std::string_view login, const Page& page);
  Status replace_page(std::string_view login, const Page& page, const KnownListing& known);
  void list_records(const Page& page);

  std::size_t id_field_;
  Statement find_;
  Statement replace_;
  Statement remember_;
  Statement has_rows_;
  Statement read_anew_;
  Statement read_account_anew_;
  Statement count_good_run_;
  Statement set_next_;
  Statement records_of_;
  Statement add_page_;
  Statement drop_page_;
  Statement drop_beyond_;
  std::string ids_;  // a member to keep its memory for the next page
};

}  // namespace repopipe
