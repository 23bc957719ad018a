// The rows of `listings` and `pages` after a run.
#include "storage/store/page_validators.h"

#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kListings = "SELECT login, user_id, per_page FROM listings ORDER BY login";
constexpr const char* kPages = "SELECT login, page, etag, next_target, repo_ids FROM pages";

class PageValidatorsTest : public StoreTest {};

TEST_F(PageValidatorsTest, StoreTheValidatorsOfEachPage) {
  run(0, {of_pages("Anna", on_day(0),
                   {read_page(kAnna, {{2, "b"}, {1, "a"}}, 1, 2), read_page(kAnna, {}, 2, 2)})});
  EXPECT_THAT(query(kListings), ElementsAre("Anna|10|NULL"));
  EXPECT_THAT(
      query("SELECT * FROM pages"),
      ElementsAre("Anna|1|1|tok|\"anna1\"|/users/anna/repos?page=1|/users/anna/repos?page=2|"
                  "[2,1]",
                  "Anna|1|2|tok|\"anna2\"|/users/anna/repos?page=2|NULL|[]"));
}

TEST_F(PageValidatorsTest, LeaveOutPagesWithoutAnETag) {
  run(0, {of_pages("anna", on_day(0),
                   {read_page(kAnna, {{1, "a"}}, 1, 2), page_of(kAnna, {{2, "b"}}, 2)})});
  EXPECT_THAT(query(kPages), ElementsAre("anna|1|\"anna1\"|/users/anna/repos?page=2|[1]"));
  run(1, {of_pages("anna", on_day(1), {page_of(kAnna, {{1, "a"}}), not_modified_page(1, 2)})});
  EXPECT_THAT(query(kPages), IsEmpty());
}

TEST_F(PageValidatorsTest, ReplaceReadPagesAndDropLaterOnes) {
  run(0, {of_pages("anna", on_day(0),
                   {read_page(kAnna, {{1, "a"}}, 1, 3), read_page(kAnna, {{2, "b"}}, 2, 3),
                    read_page(kAnna, {{3, "c"}}, 3, 3)})});
  Page second = read_page(kAnna, {{4, "d"}}, 2, 2);
  second.validator.etag = "W/\"new\"";
  run(1, {of_pages("ANNA", on_day(1), {not_modified_page(1, 1), second})});
  EXPECT_THAT(query(kPages), ElementsAre("anna|1|\"anna1\"|/users/anna/repos?page=2|[1]",
                                         "ANNA|2|W/\"new\"|NULL|[4]"));
  run(2, {bare("anna", on_day(2), Outcome::ok)});
  EXPECT_THAT(query(kPages), IsEmpty());
  EXPECT_THAT(query(kListings), ElementsAre("anna|10|NULL"));
}

TEST_F(PageValidatorsTest, StoreThePageSizeThatSucceeded) {
  Listing anna = of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}})});
  anna.per_page = 25;
  run(0, {anna});
  EXPECT_THAT(query(kListings), ElementsAre("anna|10|25"));
  anna.per_page = 0;  // the page size of the job succeeds again
  run(1, {anna});
  EXPECT_THAT(query(kListings), ElementsAre("anna|10|NULL"));
}

TEST_F(PageValidatorsTest, CountRunsWithoutFailuresAtThePageSize) {
  struct Night {
    int per_page;
    bool had_trouble;
    bool is_unchanged;
    const char* good_runs;
  };
  int day = 0;
  for (const Night& night : std::vector<Night>{{25, true, false, "0"},
                                               {25, false, false, "1"},
                                               {25, false, true, "2"},
                                               {25, false, false, "3"},
                                               {50, false, false, "1"},
                                               {50, true, false, "0"},
                                               {50, true, true, "0"},
                                               {50, false, true, "1"}}) {
    Listing anna = of_pages("anna", on_day(day), {read_page(kAnna, {{1, "a"}})});
    if (night.is_unchanged) {
      anna.pages = {not_modified_page(1, 1)};
      anna.outcome = Outcome::unchanged;
    }
    anna.per_page = night.per_page;
    anna.had_trouble = night.had_trouble;
    run(day++, {anna});
    EXPECT_THAT(query("SELECT good_runs FROM listings"), ElementsAre(night.good_runs)) << day;
  }
}

TEST_F(PageValidatorsTest, StoreTheNewNextPageOfAnUnchangedPage) {
  run(0, {of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}}, 1, 1)})});
  Page first = not_modified_page(1, 1);
  first.validator.next = "/users/anna/repos?page=2";
  run(1, {of_pages("anna", on_day(1), {first, read_page(kAnna, {{2, "b"}}, 2, 2)})});
  EXPECT_THAT(query(kPages), ElementsAre("anna|1|\"anna1\"|/users/anna/repos?page=2|[1]",
                                         "anna|2|\"anna2\"|NULL|[2]"));
}

TEST_F(PageValidatorsTest, StayWhenAUserHasNoCompleteList) {
  run(0, {of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}})})});
  const auto before = query(kPages);
  for (const Outcome outcome : {Outcome::not_found, Outcome::blocked, Outcome::failed}) {
    run(1, {bare("anna", on_day(1), outcome)});
    EXPECT_EQ(query(kPages), before);
    EXPECT_THAT(query(kListings), ElementsAre("anna|10|NULL"));
  }
}

TEST_F(PageValidatorsTest, StoreTheLastAccountOfALogin) {
  run(0, {bare("nobody", on_day(0), Outcome::ok), listing({10, "anna"}, on_day(0), {{1, "a"}})});
  run(1, {listing({11, "anna"}, on_day(1), {{2, "b"}})});
  EXPECT_THAT(query(kListings), ElementsAre("anna|11|NULL", "nobody|NULL|NULL"));
}

}  // namespace
}  // namespace repopipe
