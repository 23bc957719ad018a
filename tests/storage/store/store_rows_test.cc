// The rows of one listing in `users`, `repos` and `repo_topics`.
#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::string_literals;

class StoreRows : public StoreTest {};

TEST_F(StoreRows, KeepsAFirstListing) {
  run(0, {listing(kAnna, on_day(0, 5),
                  {{7,
                    "hello",
                    {{"private", 0},
                     {"description", "says hello"s},
                     {"fork", 1},
                     {"topics", R"(["cli","sqlite"])"s},
                     {"size", 12},
                     {"stargazers_count", 3},
                     {"forks_count", 2},
                     {"open_issues_count", 1}}},
                   {6, "world"}})});
  EXPECT_THAT(query("SELECT * FROM users"),
              ElementsAre("10|anna|User|2026-11-01T00:00:00.005Z|1|2026-11-01T00:00:00.005Z|NULL"));
  EXPECT_THAT(
      query("SELECT id, name, full_name, owner_id, private, description, fork, topics, size, "
            "stargazers_count, forks_count, open_issues_count, first_seen_at, first_seen_run, "
            "last_seen_at, last_changed_at, gone_since FROM repos ORDER BY id"),
      ElementsAre("6|world|anna/world|10|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|"
                  "2026-11-01T00:00:00.005Z|1|2026-11-01T00:00:00.005Z|NULL|NULL",
                  "7|hello|anna/hello|10|0|says hello|1|[\"cli\",\"sqlite\"]|12|3|2|1|"
                  "2026-11-01T00:00:00.005Z|1|2026-11-01T00:00:00.005Z|NULL|NULL"));
  EXPECT_THAT(query("SELECT * FROM repo_topics"), ElementsAre("7|cli", "7|sqlite"));
  EXPECT_THAT(query("SELECT * FROM repo_stats"),
              ElementsAre("6|2026-11-01T00:00:00.005Z|NULL|NULL|NULL|NULL|NULL",
                          "7|2026-11-01T00:00:00.005Z|NULL|12|3|2|1"));
  EXPECT_THAT(query("SELECT * FROM repo_changes"), IsEmpty());
}

// Values equal to those of the previous row are not bound again.
TEST_F(StoreRows, KeepsNothingOfThePreviousRow) {
  const Cell none{};
  run(0, {listing(kAnna, on_day(0),
                  {{1, "a", {{"private", 1}, {"size", 5}, {"description", "text"s}}},
                   {2, "b", {{"private", 1}, {"size", 6}, {"description", none}}},
                   {3, "c", {{"private", none}, {"size", 6}, {"description", none}}},
                   {4, "d", {{"private", 0}, {"size", none}, {"description", "text"s}}},
                   {5, "e", {{"private", 0}, {"size", 0}, {"description", ""s}}}})});
  EXPECT_THAT(query("SELECT id, private, size, description FROM repos ORDER BY id"),
              ElementsAre("1|1|5|text", "2|1|6|NULL", "3|NULL|6|NULL", "4|0|NULL|text", "5|0|0|"));
}

TEST_F(StoreRows, ReturnsTheCountsOfAListing) {
  begin(0);
  const auto stored = write({listing(kAnna, on_day(0), {{1, "a"}, {2, "b"}}),
                             bare("ghost", on_day(0), Outcome::not_found, "HTTP 404"),
                             bare("late", on_day(0), Outcome::abandoned)});
  ASSERT_TRUE(stored) << stored.error().message;
  std::vector<std::string> told;
  for (const Stored& one : *stored) {
    told.push_back(one.login + " " + std::string(name_of(one.outcome)) + " " +
                   std::to_string(one.records));
  }
  EXPECT_THAT(told, ElementsAre("anna ok 2", "ghost not_found 0", "late abandoned 0"));
}

TEST_F(StoreRows, KeepsTextByteForByte) {
  // The last one is half a surrogate pair, which is no UTF-8.
  const std::string odd =
      "\xED\xA0\xBD zero\0byte, \xF0\x9F\xA6\x80 \xE2\x80\xA8 \xD7\xA9, quote ' and \""s;
  run(0, {listing(kAnna, on_day(0), {{1, "a", {{"description", odd}, {"homepage", ""s}}}})});
  EXPECT_THAT(query("SELECT description, homepage FROM repos"), ElementsAre(odd + "|"));
  run(1, {listing(kAnna, on_day(1), {{1, "a", {{"description", odd}, {"homepage", ""s}}}})});
  EXPECT_THAT(query("SELECT * FROM repo_changes"), IsEmpty());
}

TEST_F(StoreRows, DistinguishesTextsAfterAZeroByte) {
  run(0, {listing(kAnna, on_day(0), {{1, "a", {{"description", "same\0one"s}}}})});
  run(1, {listing(kAnna, on_day(1), {{1, "a", {{"description", "same\0two"s}}}})});
  EXPECT_THAT(query("SELECT hex(old_value), hex(new_value) FROM repo_changes"),
              ElementsAre("73616D65006F6E65|73616D650074776F"));
}

TEST_F(StoreRows, KeepsIdsBeyond32Bits) {
  const std::int64_t large = (std::int64_t{1} << 53) + 1;
  run(0, {listing({large, "anna"}, on_day(0), {{large + 1, "a"}})});
  EXPECT_THAT(query("SELECT id, owner_id FROM repos"),
              ElementsAre("9007199254740994|9007199254740993"));
}

TEST_F(StoreRows, CountsARepositoryOfTwoPagesOnce) {
  begin(0);
  Listing two = listing(kAnna, on_day(0), {{1, "a", {{"description", "first"s}}}, {2, "b"}});
  two.pages.push_back(page_of(kAnna, {{3, "c"}, {1, "a", {{"description", "second"s}}}}, 2));
  two.pages[1].skipped = 2;
  ASSERT_TRUE(write({two}));
  EXPECT_THAT(query("SELECT id, description FROM repos ORDER BY id"),
              ElementsAre("1|first", "2|NULL", "3|NULL"));
  EXPECT_THAT(query("SELECT repos, repos_new, repos_changed, repos_gone, skipped, pages FROM "
                    "run_users"),
              ElementsAre("3|3|0|0|2|2"));
}

TEST_F(StoreRows, ReplacesTopicsThatChanged) {
  run(0, {listing(kAnna, on_day(0), {{1, "a", {{"topics", R"(["x","y","x"])"s}}}})});
  EXPECT_THAT(query("SELECT * FROM repo_topics"), ElementsAre("1|x", "1|y"));
  run(1, {listing(kAnna, on_day(1), {{1, "a", {{"topics", R"(["y","z"])"s}}}})});
  EXPECT_THAT(query("SELECT * FROM repo_topics"), ElementsAre("1|y", "1|z"));
  run(2, {listing(kAnna, on_day(2), {{1, "a", {{"topics", "[]"s}}}})});
  EXPECT_THAT(query("SELECT * FROM repo_topics"), IsEmpty());
  EXPECT_THAT(query("SELECT run_id, field, old_value, new_value FROM repo_changes"),
              ElementsAre(R"(2|topics|["x","y","x"]|["y","z"])", R"(3|topics|["y","z"]|[])"));
}

TEST_F(StoreRows, KnowsARenamedAccountByItsId) {
  run(0, {listing(kAnna, on_day(0), {{1, "a"}})});
  Listing redirected = listing({10, "anna-b"}, on_day(1), {{1, "a"}});
  redirected.login = "anna";
  run(1, {redirected});
  EXPECT_THAT(query("SELECT id, login, first_seen_run, last_seen_at FROM users"),
              ElementsAre("10|anna-b|1|2026-11-02T00:00:00.000Z"));
  EXPECT_THAT(query("SELECT run_id, login, user_id FROM run_users"),
              ElementsAre("1|anna|10", "2|anna|10"));
}

TEST_F(StoreRows, KeepsAKindThatALaterRowDoesNotHave) {
  run(0, {listing(kAnna, on_day(0), {{1, "a"}})});
  run(1, {listing(kAnna, on_day(1), {{1, "a", {{"owner_type", std::monostate{}}}}})});
  EXPECT_THAT(query("SELECT kind FROM users"), ElementsAre("User"));
}

TEST_F(StoreRows, KeepsEveryOwnerOfAMixedList) {
  const Repo foreign{2, "b", {{"owner_id", 20}, {"owner_login", "ben"s}}};
  run(0, {listing(kBen, on_day(0), {{3, "c"}}), listing(kAnna, on_day(0), {{1, "a"}, foreign})});
  EXPECT_THAT(query("SELECT id, owner_id, gone_since FROM repos ORDER BY id"),
              ElementsAre("1|10|NULL", "2|20|NULL", "3|20|NULL"));
  EXPECT_THAT(query("SELECT login, user_id FROM run_users"), ElementsAre("anna|10", "ben|20"));
}

TEST_F(StoreRows, AddsNoAccountForAnEmptyList) {
  run(0, {bare("nobody", on_day(0), Outcome::ok)});
  EXPECT_THAT(query("SELECT * FROM users"), IsEmpty());
  EXPECT_THAT(query("SELECT login, outcome, user_id, repos FROM run_users"),
              ElementsAre("nobody|ok|NULL|0"));
}

}  // namespace
}  // namespace repopipe
