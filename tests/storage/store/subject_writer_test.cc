// Lists with unchanged pages, and logins that lead to other accounts.
#include <gmock/gmock.h>

#include "storage/store/sqlite_store.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kGone = "SELECT id, substr(gone_since, 9, 2) FROM repos ORDER BY id";
constexpr const char* kSeen = "SELECT id, substr(last_seen_at, 9, 2) FROM repos ORDER BY id";
constexpr const char* kUsers =
    "SELECT login, outcome, user_id, repos, repos_new, repos_changed, repos_gone, renamed_to, "
    "lost_user_id FROM run_users WHERE run_id = (SELECT max(id) FROM runs)";

class SubjectWriterTest : public StoreTest {
 protected:
  // Three pages: 1 and 2; 3; 4.
  SubjectWriterTest() {
    run(0, {of_pages("anna", on_day(0),
                     {read_page(kAnna, {{1, "a"}, {2, "b"}}, 1, 3),
                      read_page(kAnna, {{3, "c"}}, 2, 3), read_page(kAnna, {{4, "d"}}, 3, 3)})});
  }

  std::string answer(const Listing& listing) {
    const auto stored = write({listing});
    if (!stored) return stored.error().message;
    const Stored& one = stored->front();
    return one.login + " " + std::string(name_of(one.outcome)) + " " + std::to_string(one.records);
  }

  static Listing unchanged(int day, std::string login = "anna") {
    return of_pages(std::move(login), on_day(day),
                    {not_modified_page(2, 1), not_modified_page(1, 2), not_modified_page(1, 3)});
  }
};

TEST_F(SubjectWriterTest, WritesOnlyTheLogWhenNothingHasChanged) {
  begin(1);
  const auto before = dump();
  Listing same = unchanged(1);
  same.request_logs = {request_log(1, 300)};
  EXPECT_EQ(answer(same), "anna unchanged 4");
  EXPECT_THAT(query(kUsers), ElementsAre("anna|unchanged|10|4|0|0|0|NULL|NULL"));
  EXPECT_THAT(query("SELECT login, bytes FROM requests"), ElementsAre("anna|300"));
  ASSERT_TRUE(database_->execute("DELETE FROM run_users WHERE run_id = 2; DELETE FROM requests"));
  EXPECT_EQ(dump(), before);
}

TEST_F(SubjectWriterTest, StoresRequestsWithoutAUser) {
  begin(1);
  Listing nobody = bare("", on_day(1), Outcome::ok);
  nobody.request_logs = {request_log(1, 77)};
  nobody.request_logs[0].page = 0;
  EXPECT_EQ(answer(nobody), " ok 0");
  EXPECT_THAT(query("SELECT login, page, bytes FROM requests"), ElementsAre("|0|77"));
  EXPECT_THAT(query(kUsers), IsEmpty());
  EXPECT_THAT(query("SELECT login FROM listings"), ElementsAre("anna"));
}

TEST_F(SubjectWriterTest, DoesNotChangeTheRowsOfUnchangedPages) {
  begin(1);
  EXPECT_EQ(answer(of_pages("anna", on_day(1),
                            {not_modified_page(2, 1), read_page(kAnna, {{3, "c2"}, {5, "e"}}, 2, 3),
                             not_modified_page(1, 3)})),
            "anna ok 5");
  EXPECT_THAT(query(kUsers), ElementsAre("anna|ok|10|5|1|1|0|NULL|NULL"));
  EXPECT_THAT(query(kSeen), ElementsAre("1|01", "2|01", "3|02", "4|01", "5|02"));
  EXPECT_THAT(query(kGone), ElementsAre("1|NULL", "2|NULL", "3|NULL", "4|NULL", "5|NULL"));
}

TEST_F(SubjectWriterTest, FindsRecordsThatAreOnNoPage) {
  begin(1);
  EXPECT_EQ(
      answer(of_pages("anna", on_day(1), {not_modified_page(2, 1), read_page(kAnna, {}, 2, 2)})),
      "anna ok 2");
  EXPECT_THAT(query(kGone), ElementsAre("1|NULL", "2|NULL", "3|NULL", "4|NULL"));
  EXPECT_EQ(answer(of_pages("anna", on_day(1), {not_modified_page(2, 1), not_modified_page(0, 2)})),
            "anna unchanged 2");
  finish();
  EXPECT_THAT(query(kUsers), ElementsAre("anna|ok|10|2|0|0|2|NULL|NULL"));
  EXPECT_THAT(query(kGone), ElementsAre("1|NULL", "2|NULL", "3|02", "4|02"));
}

TEST_F(SubjectWriterTest, TakesTheReadRowOfARepositoryOnTwoPages) {
  begin(1);
  EXPECT_EQ(answer(of_pages("anna", on_day(1),
                            {not_modified_page(2, 1), read_page(kAnna, {{2, "b2"}, {3, "c"}}, 2, 3),
                             not_modified_page(1, 3)})),
            "anna ok 4");
  EXPECT_THAT(query("SELECT name FROM repos WHERE id = 2"), ElementsAre("b2"));
  EXPECT_THAT(query(kUsers), ElementsAre("anna|ok|10|4|0|1|0|NULL|NULL"));
}

TEST_F(SubjectWriterTest, RestoresAGoneRepositoryOnAnUnchangedPage) {
  // Another login of the same account has a list that lacks 3.
  const Listing other =
      of_pages("anna-b", on_day(1), {read_page(kAnna, {{1, "a"}, {2, "b"}, {4, "d"}})});
  const Listing partly = of_pages("anna", on_day(2),
                                  {read_page(kAnna, {{1, "a"}, {2, "b"}}, 1, 3),
                                   not_modified_page(1, 2), not_modified_page(1, 3)});
  for (const Listing& back : {partly, unchanged(2)}) {
    run(1, {other});
    EXPECT_THAT(query("SELECT id FROM repos WHERE gone_since NOT NULL"), ElementsAre("3"));
    run(2, {back});
    EXPECT_THAT(query(kGone), ElementsAre("1|NULL", "2|NULL", "3|NULL", "4|NULL"));
    EXPECT_THAT(query("SELECT repos, repos_changed FROM run_users WHERE run_id = "
                      "(SELECT max(id) FROM runs)"),
                ElementsAre("4|1"));
    EXPECT_THAT(query("SELECT new_value FROM repo_changes WHERE repo_id = 3 AND run_id = "
                      "(SELECT max(id) FROM runs)"),
                ElementsAre("NULL"));
  }
}

TEST_F(SubjectWriterTest, FindsNothingMissingWhenAnUnchangedPageIsNotStored) {
  begin(1);
  ASSERT_TRUE(database_->execute("DELETE FROM pages WHERE page = 2"));
  EXPECT_EQ(answer(of_pages("anna", on_day(1),
                            {read_page(kAnna, {{1, "a"}, {2, "b"}}, 1, 3), not_modified_page(1, 2),
                             not_modified_page(1, 3)})),
            "anna ok 4");
  EXPECT_THAT(query(kGone), ElementsAre("1|NULL", "2|NULL", "3|NULL", "4|NULL"));
}

TEST_F(SubjectWriterTest, ReportsALoginThatLeadsToARenamedAccount) {
  begin(1);
  Listing redirected = of_pages("anna", on_day(1), {read_page({10, "anna-b"}, {{1, "a"}})});
  redirected.moved = true;
  EXPECT_EQ(answer(redirected), "anna renamed 1");
  EXPECT_THAT(query(kUsers), ElementsAre("anna|renamed|10|1|0|1|0|anna-b|NULL"));
  finish();
  EXPECT_THAT(query(kUsers), ElementsAre("anna|renamed|10|1|0|1|3|anna-b|NULL"));
  begin(2);
  Listing same = of_pages("anna", on_day(2), {not_modified_page(1)});
  same.moved = true;
  EXPECT_EQ(answer(same), "anna renamed 1");
  EXPECT_THAT(query(kUsers), ElementsAre("anna|renamed|10|1|0|0|0|anna-b|NULL"));
  Listing empty = bare("anna", on_day(2), Outcome::ok);
  empty.moved = true;
  EXPECT_EQ(answer(empty), "anna renamed 0");
  EXPECT_THAT(query(kUsers), ElementsAre("anna|renamed|10|0|0|0|0|anna-b|NULL"));
  finish();
  EXPECT_THAT(query(kUsers), ElementsAre("anna|renamed|10|0|0|0|1|anna-b|NULL"));
}

TEST_F(SubjectWriterTest, TakesARedirectToTheSameLoginForNoRename) {
  begin(1);
  Listing redirected = of_pages("anna", on_day(1), {read_page({10, "Anna"}, {{1, "a"}})});
  redirected.moved = true;
  EXPECT_EQ(answer(redirected), "anna ok 1");
  finish();
  begin(2);
  Listing same = of_pages("anna", on_day(2), {not_modified_page(1)});
  same.moved = true;
  EXPECT_EQ(answer(same), "anna unchanged 1");
}

TEST_F(SubjectWriterTest, TakesRowsOfAnotherLoginForARename) {
  begin(1);
  EXPECT_EQ(answer(of_pages("anna", on_day(1), {read_page({10, "anna-b"}, {{1, "a"}})})),
            "anna renamed 1");
  EXPECT_EQ(answer(of_pages("ANNA-B", on_day(1), {read_page({10, "anna-b"}, {{1, "a"}})})),
            "ANNA-B ok 1");
}

TEST_F(SubjectWriterTest, DoesNotTakeARenamedAccountForTheNewOneOfItsOldLogin) {
  run(1, {of_pages("anna-b", on_day(1), {read_page({10, "anna-b"}, {{1, "a"}})})});
  begin(2);
  EXPECT_EQ(answer(bare("anna", on_day(2), Outcome::ok)), "anna ok 0");
  EXPECT_THAT(query(kUsers), ElementsAre("anna|ok|NULL|0|0|0|0|NULL|NULL"));
}

}  // namespace
}  // namespace repopipe
