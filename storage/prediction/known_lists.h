// What a database knows of the lists of a job: their pages, and how the last finished run read
// them.  Used to predict a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"
#include "pipeline/model/task.h"
#include "storage/sqlite/database.h"

namespace repopipe {

// Hashes instead of texts, because there may be a million of them.
struct KnownList {
  std::uint64_t target = 0;     // of the first page, see hash_of_target
  std::uint64_t path = 0;       // the same without the query
  std::uint32_t pages = 0;      // with an ETag, up to the first gap
  std::uint32_t principal = 0;  // whose ETags they are: an index of KnownLists::principals
  std::uint32_t requests = 0;   // in the last finished run; 0: it was not in it
  std::uint32_t listed = 0;     // pages that were listed there
  bool was_listed = false;      // its outcome there was `ok` or `unchanged`
  bool is_small = false;        // it has a page size of its own
  bool is_done = false;         // by the unfinished run
};

struct KnownLists {
  std::unordered_map<std::uint64_t, KnownList> by_key{};
  std::vector<std::string> principals{};  // owners of ETags

  // Null: nothing is known of the login.
  const KnownList* find(std::string_view login, int resource) const;
};

std::uint64_t hash_of_list(std::string_view login, int resource);
std::uint64_t hash_of_target(std::string_view target);
std::uint64_t hash_of_path(std::string_view target);

// `unfinished`: the run whose lists are done.  The last finished run is that of each shard.
Result<KnownLists> read_known_lists(Database& database, Resources resources, std::string_view job,
                                    std::optional<std::int64_t> unfinished);

// The logins of the accounts that are known to be in a list of accounts.
Result<std::vector<std::string>> read_accounts(Database& database, Resources resources,
                                               const Subject& list);

}  // namespace repopipe
