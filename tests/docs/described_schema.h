// The tables, views and columns of a new database, with their meanings.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "storage/sqlite/database.h"

namespace repopipe::docs {

struct DescribedColumn {
  std::string column;
  std::string_view meaning;
};

// Its meaning in that table or view; empty if it is a field of a record, or unknown.
std::string_view meaning_of_column(std::string_view table, std::string_view column);

// A temporary folder.  The destructor removes it.
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class DescribedSchema {
 public:
  DescribedSchema();

  // Of all tables and views, tables first, by name.
  Result<std::vector<std::string>> names();

  // Empty if there is no such table or view.  Fails if a column has no meaning.
  Result<std::vector<DescribedColumn>> columns(std::string_view table);

 private:
  Scratch scratch_;
  std::optional<Database> database_;
};

}  // namespace repopipe::docs
