// Whether two databases, each of one run of the same job, hold the same: what `repopipe compare`
// holds the ways of doing the work to.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"

namespace repopipe {

// A row that only one of the two has, or a value that differs.
enum class Differs { value, only_left, only_right };

// Texts are for people: NULL as "NULL", texts in quotes, long ones cut.
struct Difference {
  Differs what = Differs::value;
  std::string table;
  std::string key;     // the row: "id 1296269"
  std::string column;  // empty unless a value differs, like the next two
  std::string left;
  std::string right;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// Compares table by table and row by row everything but moments of this program's clock, measured
// numbers, how often a request had to be repeated, numbers of runs, and validators (the tables
// `requests` and `pages` as a whole).  A moment that says since when something is so counts as set
// or not set.  At most `most` differences of each table, by key; none: the two are alike.
// Both files are only read.  A different set of tables or columns is a failure of kind `output`.
// Ends with a failure soon after `stops` says so.
Result<std::vector<Difference>> differences(const std::filesystem::path& left,
                                            const std::filesystem::path& right, Resources resources,
                                            std::size_t most, std::function<bool()> stops);

// One line: "repos id 7: stargazers_count is 80 with threads, 81 with event_loop".
std::string words_of(const Difference& difference, std::string_view left, std::string_view right);

}  // namespace repopipe
