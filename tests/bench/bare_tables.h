// Writes the rows of a first run into the pipeline's tables with plain prepared INSERTs, for the
// bare loop.  A failure of SQLite ends the program.  Threading: one thread.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/listing.h"

namespace repopipe::bench {

// A prepared INSERT: its values from left to right, then run().  A text must live until then.
class Insert {
 public:
  Insert(sqlite3* database, const std::string& sql);

  Insert& add(const CellView& value);
  Insert& add_count(std::size_t count) { return add(static_cast<std::int64_t>(count)); }
  Insert& add_ms(Duration duration);
  void run();

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

// A page as received, with its measurements.
struct BarePage {
  std::string login;
  RequestLog log;
  Page page;
  std::size_t follow_ups = 0;  // pages of the user that are requested next
  Duration parse{};
};

class BareTables {
 public:
  // `path`: a database with empty tables.
  BareTables(const std::string& path, Fields fields);

  // Commits when many rows have gathered.
  void insert(const BarePage& fetched);
  void finish();

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  // The measurements of a user; become its row of `run_users` with its last page.
  struct User {
    CellView id;
    std::size_t outstanding = 1;
    std::size_t repos = 0;
    std::size_t pages = 0;
    std::size_t bytes = 0;
    Duration fetch{};
    Duration parse{};
  };

  std::string insert_repo_sql() const;
  void insert_request(const std::string& login, const RequestLog& log);
  void insert_repo(const RecordBatch& rows, std::size_t row, const std::string& now);
  void insert_topics(const CellView& repo, const CellView& topics);
  void count(const BarePage& fetched, const std::string& now);
  void execute(const std::string& sql);

  const SystemClock clock_;
  const Time began_ = clock_.now();
  std::unique_ptr<sqlite3, Close> database_;
  const Fields fields_;
  std::vector<std::size_t> resource_columns_;  // indices into the fields, as are the next
  std::vector<std::size_t> statistics_;
  std::vector<std::size_t> user_columns_;
  std::size_t repo_id_ = 0;
  std::size_t topics_ = 0;
  std::unique_ptr<Insert> users_, repos_, repo_topics_, repo_stats_, run_users_, requests_;
  std::unordered_map<std::string, User> open_users_;
  std::vector<std::size_t> order_;  // of the rows of a page, by repo_id
  std::size_t uncommitted_ = 0;
};

}  // namespace repopipe::bench
