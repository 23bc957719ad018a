// docs/database.md and the database say the same: every table, view and column, both ways.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "stages/providers/github/github.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using Columns = std::map<std::string, std::string>;  // name to meaning
using Tables = std::map<std::string, Columns>;

// The text between the first two backquotes.
std::string quoted_name(const std::string& line) {
  const auto begin = line.find('`') + 1;
  return line.substr(begin, line.find('`', begin) - begin);
}

// Of a row: "column", or "first` to `last" if it documents several.
std::string names_of(const std::string& line) {
  const std::string first = quoted_name(line);
  const std::string several = first + "` to `";
  if (!line.starts_with("| `" + several)) return first;
  return several + quoted_name(line.substr(line.find(several) + several.size() - 1));
}

// The columns that such names stand for, in the order of the table.
std::vector<std::string> columns_of(const std::string& names,
                                    const std::vector<std::string>& table) {
  const auto separator = names.find("` to `");
  const auto first = std::ranges::find(table, names.substr(0, separator));
  const auto last =
      separator == names.npos ? first : std::find(first, table.end(), names.substr(separator + 6));
  if (last == table.end()) return {names};
  return {first, last + 1};
}

// Headings "### `table`", and below each the rows "| `column` | meaning |".
Tables documented() {
  std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/docs/database.md");
  Tables tables;
  Columns* columns = nullptr;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) columns = nullptr;
    if (line.starts_with("### `")) columns = &tables[quoted_name(line)];
    if (columns == nullptr || !line.starts_with("| `")) continue;
    const auto begin = line.find('|', 1) + 2;
    const auto length = line.rfind(" |") - begin;
    EXPECT_TRUE(columns->emplace(names_of(line), line.substr(begin, length)).second) << line;
  }
  return tables;
}

class DocumentationTest : public StoreTest {
 protected:
  DocumentationTest() : StoreTest(kGithub.resources) {}

  std::vector<std::string> names() {
    return query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name");
  }
};

TEST_F(DocumentationTest, NamesEveryTableAndViewAndNoOther) {
  std::vector<std::string> told;
  for (const auto& [name, columns] : documented()) told.push_back(name);
  EXPECT_EQ(told, names());
}

TEST_F(DocumentationTest, NamesEveryColumnAndNoOther) {
  const Tables tables = documented();
  for (const std::string& name : names()) {
    ASSERT_TRUE(tables.contains(name)) << name;
    const auto real = query("SELECT name FROM pragma_table_info('" + name + "')");
    std::multiset<std::string> told;
    for (const auto& [row, meaning] : tables.at(name)) {
      for (const std::string& column : columns_of(row, real)) told.insert(column);
      EXPECT_GT(meaning.size(), 3u) << name << "." << row;
    }
    EXPECT_EQ(told, std::multiset<std::string>(real.begin(), real.end())) << name;
  }
}

TEST_F(DocumentationTest, HasTheProvidersMeaningOfEveryField) {
  const Columns repos = documented().at("repos");
  for (const Field& field : fields_) {
    if (field.role == Role::account_login || field.role == Role::account_kind) continue;
    const std::string column(field.column);
    EXPECT_EQ(repos.at(column), field.meaning) << column;
  }
}

// Sample queries are SQL after a comment with the question; a new database accepts them.
TEST_F(DocumentationTest, HasOnlySampleQueriesThatRun) {
  run(0, {listing(kAnna, on_day(0), {{1, "a"}})});
  std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/docs/database.md");
  std::string sql;
  bool inside = false;
  int questions = 0;
  for (std::string line; std::getline(file, line);) {
    const bool ends = inside && line == "```";
    if (ends || (inside && line.starts_with("-- "))) {
      EXPECT_TRUE(database_->execute(sql)) << sql;
      sql.clear();
    }
    if (inside && line.starts_with("-- ")) ++questions;
    if (inside && !ends) sql += line + "\n";
    inside = line == "```sql" || (inside && !ends);
  }
  EXPECT_GE(questions, 10);
}

}  // namespace
}  // namespace repopipe
