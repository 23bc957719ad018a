// docs/database.md and the database say the same: every table, view and column, both ways.
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>

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
    EXPECT_TRUE(columns->emplace(quoted_name(line), line.substr(begin, length)).second) << line;
  }
  return tables;
}

class DocumentationTest : public StoreTest {
 protected:
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
    std::set<std::string> told;
    for (const auto& [column, meaning] : tables.at(name)) {
      told.insert(column);
      EXPECT_GT(meaning.size(), 3u) << name << "." << column;
    }
    const auto real = query("SELECT name FROM pragma_table_info('" + name + "')");
    EXPECT_EQ(told, std::set<std::string>(real.begin(), real.end())) << name;
  }
}

TEST_F(DocumentationTest, TellsOfEveryFieldWhatTheProviderSays) {
  const Columns repos = documented().at("repos");
  for (const Field& field : fields_) {
    if (field.role == Role::account_login || field.role == Role::account_kind) continue;
    const std::string column(field.column);
    EXPECT_EQ(repos.at(column), field.meaning) << column;
  }
}

// The questions are code blocks; each must be one that a new database can answer.
TEST_F(DocumentationTest, AsksOnlyQuestionsThatCanBeAnswered) {
  run(0, {listing(kAnna, on_day(0), {{1, "a"}})});
  std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/docs/database.md");
  std::string sql;
  bool inside = false;
  int questions = 0;
  for (std::string line; std::getline(file, line);) {
    if (line == "```sql") {
      inside = true;
      sql.clear();
    } else if (inside && line == "```") {
      inside = false;
      ++questions;
      EXPECT_TRUE(database_->execute(sql)) << sql;
    } else if (inside) {
      sql += line + "\n";
    }
  }
  EXPECT_GE(questions, 10);
}

}  // namespace
}  // namespace repopipe
