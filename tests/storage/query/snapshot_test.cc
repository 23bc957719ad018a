#include "storage/query/snapshot.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SnapshotTest : public StoreTest {
 protected:
  SnapshotTest() { run(0, {listing(kAnna, on_day(0), {{1, "one"}})}); }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      names.insert(entry.path().filename());
    }
    return names;
  }

  // The number of repositories in one state, and how often it was read.
  std::pair<std::int64_t, int> counted(const std::function<void(int)>& meanwhile = {}) {
    std::int64_t count = -1;
    int calls = 0;
    const Status done = read_snapshot(database_path(), 0, [&](Database& database) -> Status {
      const auto found = database.integer("SELECT count(*) FROM repos");
      if (!found) return fail(found.error());
      count = *found;
      if (meanwhile) meanwhile(calls);
      calls += 1;
      return {};
    });
    if (!done) ADD_FAILURE() << done.error().message;
    return {count, calls};
  }
};

TEST_F(SnapshotTest, ReadsTheLogOfAWriter) {
  EXPECT_EQ(counted(), std::pair(std::int64_t{1}, 1));
}

TEST_F(SnapshotTest, CreatesNoFile) {
  database_.reset();
  const auto before = files();
  EXPECT_EQ(before.size(), 1U);
  EXPECT_EQ(counted(), std::pair(std::int64_t{1}, 1));
  EXPECT_EQ(files(), before);
  database_.emplace(std::move(*open_database(database_path(), resources_)));
}

TEST_F(SnapshotTest, ReadsAgainIfAWriterCameMeanwhile) {
  database_.reset();
  const auto result = counted([this](int calls) {
    if (calls > 0) return;
    auto writer = open_database(database_path(), resources_);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->execute("DELETE FROM repo_stats; DELETE FROM repos"));
  });
  EXPECT_EQ(result, std::pair(std::int64_t{0}, 2));
  database_.emplace(std::move(*open_database(database_path(), resources_)));
}

TEST_F(SnapshotTest, RefusesAnOlderSchemaAndOtherFiles) {
  const auto nothing = [](Database&) { return Status(); };
  const auto newer = read_snapshot(database_path(), schema_version() + 1, nothing);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().kind, FailureKind::output);
  EXPECT_THAT(newer.error().message, HasSubstr("the next run or merge updates the file"));
  std::ofstream(folder_ / "text.db") << "something else, but long enough for a header of SQLite";
  EXPECT_EQ(read_snapshot(folder_ / "text.db", 0, nothing).error().kind, FailureKind::output);
}

}  // namespace
}  // namespace repopipe
