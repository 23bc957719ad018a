// The tables of the bare loop: the columns of `repos` and `users` and nothing else, filled by plain
// prepared INSERTs.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/core/record_batch.h"

namespace repopipe::bench {

// Any failure of SQLite ends the program.  Threading: one thread.
class BareTables {
 public:
  // `path` does not exist yet.
  BareTables(const std::string& path, Fields fields);
  ~BareTables();  // commits
  BareTables(const BareTables&) = delete;
  BareTables& operator=(const BareTables&) = delete;

  // Commits when many rows have gathered.
  void insert(const RecordBatch& rows);

 private:
  void execute(const std::string& sql);
  sqlite3_stmt* prepare(const std::string& sql);
  void insert_row(sqlite3_stmt* statement, const std::vector<std::size_t>& columns,
                  const RecordBatch& rows, std::size_t row);
  void check(int code) const;

  sqlite3* database_ = nullptr;
  std::vector<std::size_t> repo_columns_;  // indices into the fields
  std::vector<std::size_t> user_columns_;
  sqlite3_stmt* insert_repo_ = nullptr;
  sqlite3_stmt* insert_user_ = nullptr;
  std::size_t uncommitted_ = 0;
};

}  // namespace repopipe::bench
