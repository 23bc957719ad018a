// Records that the lists of a run lack, until the end of the run.
#include "storage/store/missing_repos.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kGoneRepos = "SELECT id FROM repos WHERE gone_since NOT NULL ORDER BY id";
constexpr const char* kCandidates =
    "SELECT repo_id, login, confirmed FROM missing_repos ORDER BY repo_id";

class MissingReposTest : public StoreTest {
 protected:
  // Two pages: 1 and 2; 3 and 4.
  MissingReposTest() {
    run(0, {of_pages("anna", on_day(0),
                     {read_page(kAnna, {{1, "a"}, {2, "b"}}, 1, 2),
                      read_page(kAnna, {{3, "c"}, {4, "d"}}, 2, 2)}),
            of_pages("ben", on_day(0), {read_page(kBen, {{5, "e"}, {6, "f"}})})});
  }

  Stored stored(const Listing& listing) {
    const auto written = write({listing});
    EXPECT_TRUE(written) << written.error().message;
    return written ? written->front() : Stored{};
  }
  // Without repositories that are not in `repos`, each on its former page.
  static Listing anna(int day, std::vector<Repo> first, std::vector<Repo> second) {
    return of_pages("anna", on_day(day),
                    {read_page(kAnna, first, 1, 2), read_page(kAnna, second, 2, 2)});
  }
  static Listing second_reading(Listing listing) {
    listing.is_second_reading = true;
    return listing;
  }
  std::vector<std::string> pages_to_ask_for() {
    return query("SELECT login, page FROM pages WHERE principal <> '' ORDER BY 1, 2");
  }

  const Listing without_three_ = anna(1, {{1, "a"}, {2, "b"}}, {{4, "d"}});
  const Listing without_two_ = anna(1, {{1, "a"}}, {{3, "c"}, {4, "d"}});
};

TEST_F(MissingReposTest, AreMarkedAtTheEndOfTheRunOnly) {
  begin(1);
  EXPECT_FALSE(stored(listing(kBen, on_day(1, 7), {{5, "e"}})).must_reread);
  EXPECT_THAT(query(kCandidates), ElementsAre("6|ben|1"));
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  finish();
  EXPECT_THAT(query(kCandidates), IsEmpty());
  EXPECT_THAT(query("SELECT repo_id, old_value, new_value, changed_at FROM repo_changes"),
              ElementsAre("6|NULL|2026-11-02T00:00:00.007Z|2026-11-02T00:00:00.007Z"));
  EXPECT_THAT(query("SELECT login, repos_gone FROM run_users WHERE run_id = 2"),
              ElementsAre("ben|1"));
}

TEST_F(MissingReposTest, OfSeveralPagesAreConfirmedByASecondReading) {
  for (const Listing& again :
       {second_reading(without_three_),
        second_reading(
            of_pages("anna", on_day(1, 9), {not_modified_page(2, 1), not_modified_page(1, 2)})),
        without_three_}) {
    SCOPED_TRACE(name_of(again.outcome));
    begin(1);
    EXPECT_TRUE(stored(without_three_).must_reread);
    EXPECT_FALSE(stored(again).must_reread);
    EXPECT_THAT(query(kCandidates), ElementsAre("3|anna|1"));
    finish();
    EXPECT_THAT(query(kGoneRepos), ElementsAre("3"));
    EXPECT_THAT(query("SELECT outcome, repos, repos_gone FROM run_users "
                      "WHERE run_id = (SELECT max(id) FROM runs)"),
                ElementsAre("ok|3|1"));
    run(2, {anna(2, {{1, "a"}, {2, "b"}}, {{3, "c"}, {4, "d"}})});
  }
}

TEST_F(MissingReposTest, ThatOnlyOneOfTwoReadingsLacksAreNotMarkedAndReadAgain) {
  begin(1);
  EXPECT_TRUE(stored(without_three_).must_reread);
  EXPECT_FALSE(stored(second_reading(without_two_)).must_reread);
  EXPECT_THAT(query(kCandidates), IsEmpty());
  finish();
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  EXPECT_THAT(pages_to_ask_for(), ElementsAre("ben|1"));
}

TEST_F(MissingReposTest, AreNotMarkedWhileNoSecondReadingHasCome) {
  begin(1);
  EXPECT_TRUE(stored(without_three_).must_reread);
  EXPECT_EQ(stored(second_reading(bare("anna", on_day(1), Outcome::failed, "HTTP 502"))).outcome,
            Outcome::failed);
  EXPECT_THAT(query(kCandidates), ElementsAre("3|anna|0"));
  EXPECT_THAT(query("SELECT outcome, repos, error FROM run_users WHERE run_id = 2"),
              ElementsAre("ok|3|HTTP 502"));
  finish();
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  EXPECT_THAT(query(kCandidates), IsEmpty());
  EXPECT_THAT(pages_to_ask_for(), ElementsAre("ben|1"));
}

TEST_F(MissingReposTest, AreKeptForThePartThatEndsTheRun) {
  for (const RunStatus status : {RunStatus::interrupted, RunStatus::deadline, RunStatus::limited,
                                 RunStatus::failed, RunStatus::running}) {
    begin(1);
    stored(listing(kBen, on_day(1), {{5, "e"}}));
    stored(without_three_);
    finish(status);
    EXPECT_THAT(query(kCandidates), ElementsAre("3|anna|0", "6|ben|1"));
    EXPECT_THAT(query(kGoneRepos), IsEmpty());
    begin(1);  // abandons it
    EXPECT_THAT(query(kCandidates), IsEmpty());
    EXPECT_THAT(pages_to_ask_for(), IsEmpty());
    ASSERT_TRUE(database_->execute("UPDATE pages SET principal = 'tok'"));
  }
}

TEST_F(MissingReposTest, AreKeptForTheRunThatConfirmsThem) {
  begin(1);
  stored(listing(kBen, on_day(1), {}));
  finish(RunStatus::incomplete, Marks{Gone::mark, Gone::leave});
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  EXPECT_THAT(query(kCandidates), IsEmpty());
  run(2, {listing(kBen, on_day(2), {})});
  EXPECT_THAT(query(kGoneRepos), ElementsAre("5", "6"));
}

TEST_F(MissingReposTest, AreNotThoseOfAnIncompleteList) {
  Listing incomplete = listing(kBen, on_day(1), {{5, "e2"}});
  incomplete.incomplete = "page 2 came empty";
  Listing failed = incomplete;
  failed.outcome = Outcome::failed;
  failed.error = "ben page 2: came empty";
  Listing unnamed = listing(kBen, on_day(1), {{5, "e2"}});
  unnamed.pages[0].unnamed_skips = 1;
  Listing skipped = listing(kBen, on_day(1), {{5, "e2"}});
  skipped.pages[0].skipped_ids = {6};
  for (const Listing& partly : {incomplete, failed, unnamed, skipped}) {
    run(1, {partly});
    EXPECT_THAT(query(kGoneRepos), IsEmpty());
    EXPECT_THAT(query("SELECT name FROM repos WHERE id = 5"), ElementsAre("e2"));
  }
  EXPECT_THAT(query("SELECT outcome, error, user_id FROM run_users WHERE login = 'ben' AND "
                    "run_id IN (2, 3)"),
              ElementsAre("ok|page 2 came empty|20", "failed|ben page 2: came empty|20"));
}

TEST_F(MissingReposTest, AreNotTheSkippedRecordsOfAnUnchangedPage) {
  Page first = read_page(kAnna, {{1, "a"}}, 1, 2);
  first.skipped_ids = {2};
  run(1, {of_pages("anna", on_day(1), {first, read_page(kAnna, {{3, "c"}, {4, "d"}}, 2, 2)})});
  run(2, {of_pages("anna", on_day(2),
                   {not_modified_page(2, 1), read_page(kAnna, {{3, "c2"}, {4, "d"}}, 2, 2)})});
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
}

// A transform keeps them out of the store, but they are on the list.
TEST_F(MissingReposTest, AreNotTheRecordsThatATransformDropped) {
  Page page = read_page(kBen, {{5, "e2"}});
  page.dropped_ids = {6};
  run(1, {of_pages("ben", on_day(1), {page})});
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  run(2, {of_pages("ben", on_day(2), {not_modified_page(2)})});
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  EXPECT_THAT(query("SELECT id, name FROM repos WHERE owner_id = 20 ORDER BY id"),
              ElementsAre("5|e2", "6|f"));
  Page all = read_page(kBen, {});
  all.dropped_ids = {5, 6};
  run(3, {of_pages("ben", on_day(3), {all})});
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
}

TEST_F(MissingReposTest, AreNotThoseThatAnotherUserHas) {
  std::vector<Listing> night{listing(kBen, on_day(1, 1), {{5, "e"}}),
                             listing({30, "carl"}, on_day(1, 2), {{6, "f"}})};
  for (int order = 0; order < 2; ++order) {
    run(1, night);
    EXPECT_THAT(query(kGoneRepos), IsEmpty());
    std::ranges::reverse(night);
  }
}

// An unchanged page may list a repository that another user had meanwhile: it is read again.
TEST_F(MissingReposTest, AreNotThoseThatReturnedToAnUnchangedPage) {
  run(1, {of_pages("ben", on_day(1), {read_page(kBen, {{5, "e"}, {6, "f"}, {1, "a"}})})});
  EXPECT_THAT(pages_to_ask_for(), ElementsAre("ben|1"));
}

// Of two lists of one run the one that was read first is written last.
TEST_F(MissingReposTest, AreNotThoseOfTwoListsOfARun) {
  begin(1);
  ASSERT_TRUE(write({listing(kBen, on_day(1, 1), {{5, "e"}, {6, "f"}, {9, "i"}}),
                     anna(1, {{1, "a"}, {2, "b"}, {9, "i"}}, {{3, "c"}, {4, "d"}})}));
  finish();
  EXPECT_THAT(query("SELECT DISTINCT login FROM pages WHERE principal = ''"), ElementsAre("anna"));
}

// The account was requested by id: it has another login, or no longer exists.
TEST_F(MissingReposTest, AreNotThoseOfAnAccountThatLeftItsLogin) {
  Listing renamed = of_pages("anna", on_day(1), {read_page(kAnna, {})});
  renamed.came_empty = true;
  renamed.renamed_account = Account{kAnna.id, "anna-2"};
  run(1, {renamed});
  Listing gone = of_pages("ben", on_day(2), {read_page(kBen, {})});
  gone.came_empty = true;
  gone.proven_gone = kBen.id;
  run(2, {gone});
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  EXPECT_THAT(query("SELECT login FROM users WHERE gone_since NOT NULL"), ElementsAre("ben"));
}

TEST_F(MissingReposTest, RecordTheTimeOfTheFirstEmptyList) {
  Listing empty = bare("ben", on_day(1), Outcome::failed, "ben: the list came empty");
  empty.incomplete = "the list came empty";
  empty.came_empty = true;
  const char* const since = "SELECT substr(empty_since, 9, 2) FROM listings WHERE login = 'ben'";
  run(1, {empty});
  EXPECT_THAT(query(since), ElementsAre("02"));
  empty.settled_at = on_day(2);
  run(2, {empty});
  EXPECT_THAT(query(since), ElementsAre("02"));
  EXPECT_THAT(query(kGoneRepos), IsEmpty());
  run(3, {of_pages("ben", on_day(3), {not_modified_page(2)})});
  EXPECT_THAT(query(since), ElementsAre("NULL"));
  run(4, {empty});
  Listing believed = listing(kBen, on_day(5), {});
  believed.came_empty = true;
  run(5, {believed});
  EXPECT_THAT(query(kGoneRepos), ElementsAre("5", "6"));
  run(6, {listing(kBen, on_day(6), {{5, "e"}})});
  EXPECT_THAT(query(since), ElementsAre("NULL"));
}

TEST_F(MissingReposTest, AreNotThoseOfAListThatHadRecordsAfterItWasEmpty) {
  Listing empty = bare("ben", on_day(1), Outcome::failed, "ben: the list came empty");
  empty.incomplete = "the list came empty";
  empty.came_empty = true;
  run(1, {empty});
  for (const Outcome outcome : {Outcome::ok, Outcome::failed}) {
    Listing partial = listing(kBen, on_day(2), {{5, "e"}});
    partial.outcome = outcome;
    partial.incomplete = "a page is missing";
    run(2, {partial});
    EXPECT_THAT(query("SELECT empty_since FROM listings WHERE login = 'ben'"), ElementsAre("NULL"));
    run(1, {empty});
  }
}

}  // namespace
}  // namespace repopipe
