// Accounts that have lost their login, and their state after the end of the run.
#include <gmock/gmock.h>

#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kGoneAccounts =
    "SELECT id, login, gone_since FROM users WHERE gone_since NOT NULL";
constexpr const char* kLost =
    "SELECT login, outcome, user_id, lost_user_id FROM run_users "
    "WHERE run_id = (SELECT max(id) FROM runs)";

class LostAccountsTest : public StoreTest {
 protected:
  LostAccountsTest() {
    run(0, {of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}})}),
            of_pages("ben", on_day(0), {read_page(kBen, {{2, "b"}})})});
  }

  // "known, vanished" of the latest run.
  std::string compared() {
    const auto totals = RunTable(*database_, test_resources()).totals(run_id_);
    if (!totals) return totals.error().message;
    return std::to_string(totals->known) + ", " + std::to_string(totals->vanished);
  }
  void write_all(const std::vector<Listing>& listings) {
    const auto written = write(listings);
    EXPECT_TRUE(written) << written.error().message;
  }

  const Listing ben_unchanged_ = of_pages("ben", on_day(1), {not_modified_page(1)});
};

TEST_F(LostAccountsTest, AreGoneFromTheEndOfTheRunOn) {
  begin(1);
  write_all({gone_account("anna", on_day(1, 5), 10), ben_unchanged_,
             bare("new", on_day(1), Outcome::not_found)});
  EXPECT_THAT(query(kLost), ElementsAre("anna|not_found|NULL|10", "ben|unchanged|20|NULL",
                                        "new|not_found|NULL|NULL"));
  EXPECT_THAT(query(kGoneAccounts), IsEmpty());
  EXPECT_EQ(compared(), "2, 1");
  finish();
  EXPECT_EQ(compared(), "2, 1");
  EXPECT_THAT(query("SELECT * FROM lost_users"),
              ElementsAre("anna|2026-11-02T00:00:00.005Z|2026-11-01T00:00:00.000Z|10"));
  EXPECT_THAT(query("SELECT id, gone_since FROM repos"), ElementsAre("1|NULL", "2|NULL"));
}

TEST_F(LostAccountsTest, AreGoneAlsoAfterTheClockWasSetBack) {
  run(5, {of_pages("anna", on_day(5), {read_page(kAnna, {{1, "a"}})})});
  begin(1);
  write_all({gone_account("anna", on_day(1), 10), ben_unchanged_});
  EXPECT_EQ(compared(), "2, 1");
  finish();
  EXPECT_THAT(query(kGoneAccounts), ElementsAre("10|anna|2026-11-02T00:00:00.000Z"));
}

TEST_F(LostAccountsTest, AreNotMarkedWhenTheRunForbidsIt) {
  begin(1);
  write_all({gone_account("anna", on_day(1), 10)});
  finish(RunStatus::incomplete, Marks{Gone::leave, Gone::leave});
  EXPECT_THAT(query(kGoneAccounts), IsEmpty());
  run(2, {gone_account("anna", on_day(2), 10)});
  EXPECT_THAT(query(kGoneAccounts), ElementsAre("10|anna|2026-11-03T00:00:00.000Z"));
}

TEST_F(LostAccountsTest, KeepTheTimeAtWhichTheyWereLostFirst) {
  run(1, {gone_account("anna", on_day(1), 10)});
  run(2, {gone_account("anna", on_day(2), 10)});
  EXPECT_THAT(query(kGoneAccounts), ElementsAre("10|anna|2026-11-02T00:00:00.000Z"));
  EXPECT_EQ(compared(), "0, 0");
}

TEST_F(LostAccountsTest, ComeBackWhenTheyAreListed) {
  const Listing read = of_pages("anna", on_day(2), {read_page(kAnna, {{1, "a"}})});
  const Listing unchanged = of_pages("anna", on_day(2), {not_modified_page(1)});
  for (const Listing& back : {read, unchanged}) {
    start_over();
    run(0, {of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}})})});
    run(1, {gone_account("anna", on_day(1), 10)});
    EXPECT_THAT(query("SELECT id FROM users WHERE gone_since NOT NULL"), ElementsAre("10"));
    run(2, {back});
    EXPECT_THAT(query(kGoneAccounts), IsEmpty());
  }
}

TEST_F(LostAccountsTest, AreNotLostWhenAnotherLoginLeadsToThem) {
  for (const bool read : {true, false}) {
    start_over();
    run(0, {of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}})}),
            of_pages("anna-b", on_day(0), {read_page(kAnna, {{1, "a"}})})});
    begin(1);
    const Page page = read ? read_page({10, "anna-b"}, {{1, "a"}}) : not_modified_page(1);
    write_all({gone_account("anna", on_day(1), 10), of_pages("anna-b", on_day(1), {page})});
    EXPECT_EQ(compared(), "2, 0");
    finish();
    EXPECT_THAT(query(kGoneAccounts), IsEmpty());
  }
}

TEST_F(LostAccountsTest, AreNotLostWhenTheyOwnARowInAnothersList) {
  begin(1);
  const Repo annas{1, "a", {{"owner_id", 10}, {"owner_login", std::string("anna-b")}}};
  write_all({gone_account("anna", on_day(1), 10), listing(kBen, on_day(1), {{2, "b"}, annas})});
  EXPECT_EQ(compared(), "2, 0");
  finish();
  EXPECT_THAT(query(kGoneAccounts), IsEmpty());
}

TEST_F(LostAccountsTest, StayGoneAfterAnEmptyList) {
  run(1, {gone_account("anna", on_day(1), 10)});
  for (const Listing& empty : {bare("anna", on_day(2), Outcome::ok),
                               of_pages("anna", on_day(3), {not_modified_page(0)})}) {
    run(2, {empty});
    EXPECT_THAT(query(kGoneAccounts), ElementsAre("10|anna|2026-11-02T00:00:00.000Z"));
    EXPECT_THAT(query("SELECT id FROM repos WHERE gone_since NOT NULL"), IsEmpty());
  }
}

TEST_F(LostAccountsTest, AreLostInSpiteOfAnEmptyListOfTheirLogin) {
  run(1, {bare("ANNA", on_day(1, 1), Outcome::ok), gone_account("anna-old", on_day(1), 10)});
  EXPECT_THAT(query(kGoneAccounts), ElementsAre("10|anna|2026-11-02T00:00:00.000Z"));
}

TEST_F(LostAccountsTest, NeedAProof) {
  for (const Outcome outcome : {Outcome::not_found, Outcome::blocked, Outcome::failed}) {
    run(1, {bare("anna", on_day(1), outcome)});
    EXPECT_THAT(query(kLost), ElementsAre("anna|" + std::string(name_of(outcome)) + "|NULL|NULL"));
    EXPECT_THAT(query(kGoneAccounts), IsEmpty());
  }
}

TEST_F(LostAccountsTest, AreLostWhenAnotherAccountHasTheLoginAndTheIdDoesNotExist) {
  begin(1);
  Listing taken = of_pages("Anna", on_day(1), {read_page({11, "anna"}, {{3, "c"}})});
  taken.proven_gone = 10;
  write_all({taken, ben_unchanged_});
  EXPECT_THAT(query(kLost), ElementsAre("Anna|ok|11|10", "ben|unchanged|20|NULL"));
  EXPECT_EQ(compared(), "2, 1");
  finish();
  EXPECT_THAT(query(kGoneAccounts), ElementsAre("10|anna|2026-11-02T00:00:00.000Z"));
  EXPECT_THAT(query("SELECT login, user_id FROM listings"), ElementsAre("anna|11", "ben|20"));
}

TEST_F(LostAccountsTest, AreRenamedWhenTheirIdHasAnotherLogin) {
  Listing taken = of_pages("anna", on_day(1), {read_page({11, "anna"}, {{3, "c"}})});
  taken.renamed_account = Account{10, "anna-b"};
  run(1, {taken});
  EXPECT_THAT(query(kGoneAccounts), IsEmpty());
  EXPECT_THAT(query("SELECT id, login FROM users ORDER BY id"),
              ElementsAre("10|anna-b", "11|anna", "20|ben"));
  EXPECT_THAT(query("SELECT user_id, old_login, new_login FROM user_renames"),
              ElementsAre("10|anna|anna-b"));
}

TEST_F(LostAccountsTest, AreThoseOfTheListingIfItHasOne) {
  begin(1);
  write_all({gone_account("new", on_day(1), 20), gone_account("newer", on_day(1), 99)});
  EXPECT_THAT(query(kLost), ElementsAre("new|not_found|NULL|20", "newer|not_found|NULL|NULL"));
}

TEST_F(LostAccountsTest, CountOnlyUsersWhoseAccountWasKnown) {
  begin(1);
  write_all({ben_unchanged_, bare("anna", on_day(1), Outcome::failed),
             listing({30, "carl"}, on_day(1), {{3, "c"}}), bare("dora", on_day(1), Outcome::ok)});
  EXPECT_EQ(compared(), "1, 0");
}

}  // namespace
}  // namespace repopipe
