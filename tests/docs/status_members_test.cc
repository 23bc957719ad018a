// docs/status.md names each member of the JSON of `repopipe status`.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "pipeline/report/status.h"

namespace repopipe::docs {
namespace {

// Of the objects in `json`, but for the counts of a run.
void add_members(const nlohmann::json& json, std::set<std::string>& names) {
  if (!json.is_structured()) return;
  for (const auto& [name, value] : json.items()) {
    if (json.is_object()) names.insert(name);
    if (name != "users" && name != "repos") add_members(value, names);
  }
}

TEST(Status, MembersAreDocumented) {
  std::ifstream file(std::filesystem::path(REPOPIPE_SOURCE_DIR) / "docs/status.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  DatabaseStatus status;
  status.running.emplace();
  status.unfinished.emplace_back();
  status.runs.emplace_back();
  std::set<std::string> names;
  add_members(nlohmann::json::parse(to_json({&status, 1})), names);
  EXPECT_GE(names.size(), 20u);
  for (const std::string& name : names) {
    EXPECT_THAT(text, ::testing::HasSubstr("`" + name + "`"));
  }
}

}  // namespace
}  // namespace repopipe::docs
