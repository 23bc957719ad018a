// Compares two databases, each of one run of the same job.  Used by `repopipe compare`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/resource.h"

namespace repopipe {

// A value differs, or only one of the two databases has the row.
enum class Differs { value, only_left, only_right };

// Values are for display: NULL as "NULL", texts in quotes, long texts cut.
struct Difference {
  Differs what = Differs::value;
  std::string table;
  std::string key;     // the row: "id 1296269"
  std::string column;  // empty unless a value differs, like the next two
  std::string left;
  std::string right;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// Compares all tables row by row, except times of this program's clock, measured numbers, numbers
// of retries, ids of runs, and validators (the tables `requests` and `pages`).  Of a time such as
// `gone_since`, only whether it is set is compared.  Returns at most `most` differences of each
// table, by key; none: the databases are equal.  Only reads both files.  Different tables or
// columns are a failure of kind `output`.  Fails soon after `stops` returns true.
Result<std::vector<Difference>> differences(const std::filesystem::path& left,
                                            const std::filesystem::path& right, Resources resources,
                                            std::size_t most, std::function<bool()> stops);

// One line: "repos id 7: stargazers_count is 80 with threads, 81 with event_loop".
std::string words_of(const Difference& difference, std::string_view left, std::string_view right);

}  // namespace repopipe
