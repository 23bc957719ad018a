// A run whose disk fails at operation 1, then 2, then 3 ... until one is not affected.  Every
// failure is reported, the file stays valid, and the next attempt reaches the result of an
// undisturbed run.
#include <gmock/gmock.h>

#include <algorithm>

#include "storage/store/resume_filter.h"
#include "tests/storage/fault_vfs.h"
#include "tests/storage/store/store_fixture.h"
#include "tests/storage/test_fields.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Groups = std::vector<std::vector<Listing>>;

const Owner kCarl{30, "carl"};
const Owner kDora{40, "dora"};

std::vector<Repo> page_starred(std::int64_t stars) {
  return {{1, "a", {{"stargazers_count", stars}, {"topics", std::string(R"(["x","y"])")}}},
          {2, "b", {{"stargazers_count", 7}}}};
}

Groups first_night() {
  return {{of_pages("anna", on_day(0),
                    {read_page(kAnna, page_starred(1), 1, 2), read_page(kAnna, {{3, "c"}}, 2, 2)}),
           of_pages("ben", on_day(0), {read_page(kBen, {{4, "d"}})})},
          {of_pages("carl", on_day(0), {read_page(kCarl, {{5, "e"}})})},
          {of_pages("dora", on_day(0), {read_page(kDora, {{6, "f"}, {7, "g"}})})}};
}

// Partly unchanged; gone and renamed; unchanged, with a repository that vanishes elsewhere; new.
Groups second_night() {
  Listing eve = of_pages("eve", on_day(1), {read_page({50, "eve"}, {{8, "h"}, {2, "b"}})});
  eve.request_logs = {request_log(1, 100), request_log(2, 200)};
  return {{of_pages("anna", on_day(1),
                    {read_page(kAnna, {page_starred(5)[0]}, 1, 2), not_modified_page(1, 2)})},
          {bare("ben", on_day(1), Outcome::not_found),
           of_pages("carl", on_day(1), {read_page({30, "carl-b"}, {{5, "e"}, {9, "i"}})})},
          {of_pages("dora", on_day(1), {not_modified_page(2)}), eve},
          {bare("fred", on_day(1), Outcome::failed, "HTTP 502")}};
}

// The logins of a group, once.
class GroupKeys final : public SubjectSource {
 public:
  explicit GroupKeys(const std::vector<Listing>& group) {
    for (const Listing& listing : group) keys_.push_back(Subject{listing.login});
  }
  Result<std::vector<Subject>> next_block() override { return std::exchange(keys_, {}); }

 private:
  std::vector<Subject> keys_;
};

Status write_unsettled(SqliteStore& store, const fs::path& file, std::int64_t run_id,
                       const std::vector<Listing>& group) {
  auto reader = open_reader(file);
  if (!reader) return fail(reader.error());
  GroupKeys all(group);
  const auto keys = ResumeFilter(all, std::move(*reader), run_id, test_resources()).next_block();
  if (!keys) return fail(keys.error());
  std::vector<Listing> left;
  for (const Subject& key : *keys) {
    left.push_back(*std::ranges::find(group, key.login, &Listing::login));
    // Its second reading is in the same commit, so it is not repeated.
    if (left.back().pages.size() < 2) continue;
    Listing again = left.back();
    again.is_second_reading = true;
    left.push_back(std::move(again));
  }
  const auto stored = write_group(store, left);
  return stored ? Status{} : fail(stored.error());
}

// A whole run, or the rest of one.
Status attempt(const fs::path& file, int day, const Groups& groups) {
  auto database = open_database(file, test_resources());
  if (!database) return fail(database.error());
  RunTable run_table(*database, test_resources());
  const auto start = run_table.begin({"nightly", "1", on_day(day), "digest"}, Unfinished::resume);
  if (!start) return fail(start.error());
  const TickingClock clock;
  auto store = SqliteStore::open(*database, start->run_id, test_resources(), clock);
  if (!store) return fail(store.error());
  for (const auto& group : groups) {
    auto written = write_unsettled(**store, file, start->run_id, group);
    if (!written) return written;
  }
  const RunEnd end{RunStatus::complete, ExitCode::complete, "", {}};
  const auto finished = run_table.finish(start->run_id, end, Marks{}, on_day(day, 1000));
  return finished ? Status{} : fail(finished.error());
}

class FaultSweep : public ::testing::Test {
 protected:
  // The content of a file, which must be valid.
  static std::vector<std::string> content(const fs::path& file) {
    auto database = Database::open(file, Access::read_write);
    if (!database) return {database.error().message};
    EXPECT_THAT(rows(*database, "PRAGMA integrity_check"), ElementsAre("ok"));
    EXPECT_THAT(rows(*database, "PRAGMA foreign_key_check"), IsEmpty());
    return dump_of(*database);
  }

  static std::string integrity(const fs::path& file) {
    auto database = Database::open(file, Access::read_write);
    return database ? rows(*database, "PRAGMA integrity_check").front() : "cannot be opened";
  }

  void fresh_copy(const fs::path& file) const {
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(file.string() + part);
    if (fs::exists(before_)) fs::copy_file(before_, file);
  }

  void sweep(int day, const Groups& groups, Extent extent) {
    fresh_copy(folder_ / "calm.db");
    ASSERT_TRUE(attempt(folder_ / "calm.db", day, groups));
    const auto expected = content(folder_ / "calm.db");
    const fs::path file = folder_ / "swept.db";
    int failed = 0;
    for (int number = 1;; number += kSweepStep) {
      SCOPED_TRACE("operation " + std::to_string(number));
      fresh_copy(file);
      faults_.arm(number, extent);
      const Status first = attempt(file, day, groups);
      faults_.disarm();
      if (!first) {
        EXPECT_EQ(integrity(file), "ok");
        ++failed;
        EXPECT_THAT(first.error().kind, AnyOf(FailureKind::disk, FailureKind::output));
        const Status second = attempt(file, day, groups);
        ASSERT_TRUE(second) << second.error().message;
      }
      ASSERT_EQ(content(file), expected);
      if (!faults_.struck()) break;
    }
    EXPECT_GT(failed, 10);
  }

  void sweep_second_night(Extent extent) {
    ASSERT_TRUE(attempt(before_, 0, first_night()));
    sweep(1, second_night(), extent);
  }

  FaultVfs faults_;
  TempFolder folder_;
  const fs::path before_ = folder_ / "before.db";  // the database before the run
};

TEST_F(FaultSweep, AFirstNightSurvivesEveryFailure) {
  sweep(0, first_night(), Extent::once);
}

TEST_F(FaultSweep, AFirstNightSurvivesADiskThatStaysFull) {
  sweep(0, first_night(), Extent::from_then_on);
}

TEST_F(FaultSweep, ASecondNightSurvivesEveryFailure) {
  sweep_second_night(Extent::once);
}

TEST_F(FaultSweep, ASecondNightSurvivesADiskThatStaysFull) {
  sweep_second_night(Extent::from_then_on);
}

}  // namespace
}  // namespace repopipe
