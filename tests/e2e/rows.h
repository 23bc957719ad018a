// What a database holds, as text that tests compare whole.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

struct sqlite3;

namespace repopipe::e2e {

using Row = std::vector<std::string>;  // NULL as "NULL"
using Rows = std::vector<Row>;

// A connection that stays open, as of another reader.  It never waits for a lock.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& database);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Rows query(const std::string& sql) const;

 private:
  sqlite3* handle_;
};

// Throws with SQLite's message when the query fails.
Rows query(const std::filesystem::path& database, const std::string& sql);
// The only value of the only row.
std::string value(const std::filesystem::path& database, const std::string& sql);
void execute(const std::filesystem::path& database, const std::string& sql);

enum class Part {
  world,   // accounts, repositories and their history
  facts,   // and what came of each user in each run
  effort,  // and each request and number of attempts
};

// One line a row, sorted.  Moments and durations are left out, because no two runs share them.
std::vector<std::string> dump(const std::filesystem::path& database, Part part);

// What only one of two dumps has: "- a line" of `expected`, "+ a line" of `got`.
std::vector<std::string> difference(const std::vector<std::string>& got,
                                    const std::vector<std::string>& expected);

}  // namespace repopipe::e2e
