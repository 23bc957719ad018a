#include "tests/simulator/recorded_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/simulator/errors.h"

namespace repopipe::simulator {
namespace {

namespace fs = std::filesystem;

std::string element(int id, const std::string& login = "Octocat", int owner = 583231) {
  return "{\"id\":" + std::to_string(id) + ",\"name\":\"é\",\"owner\":{\"login\":\"" + login +
         "\",\"id\":" + std::to_string(owner) + "}}";
}

// A folder of recordings of this test's own.
class Recordings : public testing::Test {
 protected:
  Recordings() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) /
              ("recordings-" + std::string(test->name()) + "-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  ~Recordings() override { fs::remove_all(folder_); }

  void record(const std::string& file, const std::string& text) {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }
  std::string listing(const RecordedSource& source, const AccountKey& key, Range range = {0, 100}) {
    std::string text;
    source.append(*source.find(key), range, text);
    return text;
  }

  fs::path folder_;
};

TEST_F(Recordings, BecomeOneListingInTheOrderOfTheirNumbersWithoutDoubles) {
  record("octocat/1.json", "[" + element(1) + "," + element(2) + "]");
  record("octocat/2.json", "[" + element(2) + "," + element(3) + "]");
  record("octocat/10.json", "[" + element(10) + "]");
  const RecordedSource source(folder_);
  EXPECT_EQ(listing(source, Login{"OCTOCAT"}),
            element(1) + "," + element(2) + "," + element(3) + "," + element(10));
  EXPECT_EQ(listing(source, Login{"octocat"}, {1, 2}), element(2) + "," + element(3));
  EXPECT_EQ(listing(source, Login{"octocat"}, {4, 2}), "");
  EXPECT_EQ(listing(source, Login{"octocat"}, {~0ULL, 2}), "");
}

TEST_F(Recordings, NameTheirAccountByLoginAndByTheOwnersId) {
  record("octocat/1.json", "[" + element(1) + "]");
  record("linux/1.json", "[" + element(5, "linux", 77) + "]");
  const RecordedSource source(folder_);
  EXPECT_EQ(source.find(NumericId{583231})->login, "Octocat");
  EXPECT_EQ(source.find(NumericId{77})->login, "linux");
  EXPECT_EQ(source.find(Ordinal{0})->login, "linux");
  EXPECT_FALSE(source.find(Ordinal{2}));
  EXPECT_FALSE(source.find(Login{"torvalds"}));
  EXPECT_FALSE(source.find(NumericId{1}));
}

TEST_F(Recordings, PassOverHeadersAndWhatIsNoArray) {
  record("octocat/1.json", "[" + element(1) + ", null]");
  record("octocat/1.headers.json", "[" + element(2) + "]");
  record("octocat/user.json", "{\"login\":\"octocat\"}");
  record("octocat/notes.txt", "[" + element(3) + "]");
  record("README.md", "no folder");
  EXPECT_EQ(listing(RecordedSource(folder_), Login{"octocat"}), element(1) + ",null");
}

TEST_F(Recordings, MayBeEmpty) {
  record("nobody/1.json", "[]");
  EXPECT_EQ(listing(RecordedSource(folder_), Login{"nobody"}), "");
}

TEST_F(Recordings, AreRefusedWithTheReason) {
  EXPECT_THROW(RecordedSource{folder_}, BadUsage);
  EXPECT_THROW(RecordedSource{folder_ / "missing"}, BadUsage);
  record("octocat/1.json", "[{\"id\":");
  EXPECT_THROW(RecordedSource{folder_}, BadUsage);
  record("octocat/1.json", "[{\"id\":\"one\"}]");
  EXPECT_THROW(RecordedSource{folder_}, BadUsage);
}

}  // namespace
}  // namespace repopipe::simulator
