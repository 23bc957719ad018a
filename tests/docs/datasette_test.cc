// configs/datasette.yaml describes the whole database.
#include "tests/docs/datasette.h"

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <set>

#include "tests/docs/answers.h"
#include "tests/docs/described_schema.h"

namespace repopipe::docs {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

std::string file_text(const std::string& name) {
  std::ifstream file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> keys_of(const YAML::Node& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map) keys.push_back(entry.first.as<std::string>());
  return keys;
}

TEST(Datasette, MetadataAreWrittenByTheProgram) {
  const auto written =
      datasette_metadata(file_text("docs/database.md"), file_text("docs/queries.md"));
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(*written, file_text("configs/datasette.yaml")) << "run scripts/docs";
}

TEST(Datasette, MetadataDescribeEveryTableViewAndColumn) {
  const YAML::Node tables =
      YAML::Load(file_text("configs/datasette.yaml"))["databases"]["repos"]["tables"];
  DescribedSchema schema;
  const auto names = schema.names().value();
  EXPECT_THAT(keys_of(tables), UnorderedElementsAreArray(names));
  for (const std::string& name : names) {
    std::vector<std::string> columns;
    const auto described = schema.columns(name).value();
    for (const DescribedColumn& each : described) columns.push_back(each.column);
    EXPECT_THAT(keys_of(tables[name]["columns"]), UnorderedElementsAreArray(columns)) << name;
    EXPECT_GT(tables[name]["description"].as<std::string>().size(), 10u) << name;
    for (const auto& entry : tables[name]["columns"]) {
      EXPECT_TRUE(entry.second.IsScalar()) << name;
      EXPECT_THAT(entry.second.as<std::string>(), Not(AnyOf(HasSubstr("`"), HasSubstr("]("))));
    }
  }
}

TEST(Datasette, MetadataHaveTheQueriesOfTheDocument) {
  const YAML::Node queries =
      YAML::Load(file_text("configs/datasette.yaml"))["databases"]["repos"]["queries"];
  const auto questions = questions_in(file_text("docs/queries.md"));
  EXPECT_GE(questions.size(), 20u);
  ASSERT_EQ(queries.size(), questions.size());
  std::size_t i = 0;
  for (const auto& entry : queries) {
    EXPECT_EQ(entry.second["title"].as<std::string>(), questions[i].title);
    EXPECT_EQ(entry.second["sql"].as<std::string>() + "\n", questions[i].sql);
    ++i;
  }
}

TEST(Datasette, MetadataFailWithoutADescription) {
  const auto written = datasette_metadata("\n### `runs`\nOne row per run.\n\n", "");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("has no description"));
}

}  // namespace
}  // namespace repopipe::docs
