// Stays: the members of an organisation, with the beginning and end of each membership.
#include <gmock/gmock.h>

#include <utility>

#include "storage/store/resume_filter.h"
#include "tests/storage/store/listed_subjects.h"
#include "tests/storage/store/members.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Member kMona{1, "mona"}, kOcto{2, "octo"}, kHubot{3, "hubot"};

class StayWriterTest : public StoreTest {
 protected:
  StayWriterTest() : StoreTest(resources_with_members()) {}

  std::vector<std::string> stays() {
    return query(
        "SELECT user_id, substr(since, 9, 2), substr(until, 9, 2) FROM members ORDER BY 1, since");
  }
  // Stores the only listing of a run that stays open.
  Stored store_one(int day, const Listing& listing, double most_vanished = 1) {
    begin(day);
    return store_more(listing, most_vanished);
  }
  Stored store_more(const Listing& listing, double most_vanished = 1) {
    auto store = SqliteStore::open(*database_, run_id_, resources_, clock_, most_vanished);
    EXPECT_TRUE(store);
    const auto stored = write_group(**store, std::vector{listing});
    if (!stored) ADD_FAILURE() << stored.error().message;
    return stored ? stored->front() : Stored{};
  }
  std::vector<std::string> listed() {
    return query(
        "SELECT login, resource, outcome, user_id, repos, repos_new, repos_changed, repos_gone, "
        "error FROM run_listings WHERE run_id = (SELECT max(id) FROM runs)");
  }
};

TEST_F(StayWriterTest, BeginWithTheFirstSightingAndEndWhenACompleteListLacksThem) {
  run(0, {members_of(kAcme, on_day(0), {kMona, kOcto})});
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL"));
  EXPECT_THAT(listed(), ElementsAre("acme|7|ok|900|2|2|0|0|NULL"));
  run(1, {members_of(kAcme, on_day(1), {kMona, kHubot})});
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|02", "3|02|NULL"));
  EXPECT_THAT(listed(), ElementsAre("acme|7|ok|900|2|1|0|1|NULL"));
  EXPECT_THAT(query("SELECT id, login, gone_since FROM users ORDER BY id"),
              ElementsAre("1|mona|NULL", "2|octo|NULL", "3|hubot|NULL", "900|acme|NULL"));
  EXPECT_THAT(query("SELECT * FROM run_users"), IsEmpty());
  EXPECT_THAT(query("SELECT * FROM member_changes"), IsEmpty());
}

TEST_F(StayWriterTest, BeginAgainWhenARecordReturns) {
  run(0, {members_of(kAcme, on_day(0), {kMona, kOcto})});
  run(1, {members_of(kAcme, on_day(1), {kOcto})});
  run(4, {members_of(kAcme, on_day(4), {kMona, kOcto})});
  EXPECT_THAT(stays(), ElementsAre("1|01|02", "1|05|NULL", "2|01|NULL"));
}

TEST_F(StayWriterTest, DoNotOverlapWhenTheClockIsSetBack) {
  run(4, {members_of(kAcme, on_day(4), {kMona, kOcto})});
  run(2, {members_of(kAcme, on_day(2), {kOcto})});
  EXPECT_THAT(stays(), ElementsAre("1|05|05", "2|05|NULL"));
  run(3, {members_of(kAcme, on_day(3), {kMona, kOcto})});
  EXPECT_THAT(stays(), ElementsAre("1|05|NULL", "2|05|NULL"));
}

TEST_F(StayWriterTest, OfOneAccountAreThoseOfEachOrganisation) {
  const Owner other{901, "other"};
  run(0, {members_of(kAcme, on_day(0), {kMona}), members_of(other, on_day(0), {kMona})});
  run(1,
      {members_of(kAcme, on_day(1), std::vector<Page>{}), members_of(other, on_day(1), {kMona})});
  EXPECT_THAT(query("SELECT org_id, user_id, until IS NULL FROM members ORDER BY 1"),
              ElementsAre("900|1|0", "901|1|1"));
}

TEST_F(StayWriterTest, RecordChangesOfAFieldForViewsOfADay) {
  run(0, {members_of(kAcme, on_day(0), {kMona})});
  run(1, {members_of(kAcme, on_day(1), {{1, "Mona", "admin"}})});
  EXPECT_THAT(query("SELECT run_id, org_id, user_id, field, old_value, new_value FROM "
                    "member_changes"),
              ElementsAre("2|900|1|role|member|admin"));
  EXPECT_THAT(listed(), ElementsAre("acme|7|ok|900|1|0|1|0|NULL"));
  run(2, {members_of(kAcme, on_day(2), std::vector<Page>{})});
  EXPECT_THAT(query("SELECT day, org_id, user_id, site_admin, role FROM members_as_of"),
              ElementsAre("2026-11-01|900|1|0|member", "2026-11-02|900|1|0|admin"));
}

TEST_F(StayWriterTest, AFieldThatChangesBackInTheSameRunIsNoChange) {
  run(0, {members_of(kAcme, on_day(0), {kMona})});
  run(1, {members_of(kAcme, on_day(1), {{1, "mona", "admin"}}),
          members_of(kAcme, on_day(1, 5), {kMona})});
  EXPECT_THAT(query("SELECT * FROM member_changes"), IsEmpty());
}

TEST_F(StayWriterTest, AnIncompleteListEndsNone) {
  run(0, {members_of(kAcme, on_day(0), {kMona, kOcto})});
  Listing partial = members_of(kAcme, on_day(1), {kHubot});
  partial.incomplete = "page 2 failed";
  Listing skipping = members_of(kAcme, on_day(2), {kHubot});
  skipping.pages[0].unnamed_skips = 1;
  Listing naming = members_of(kAcme, on_day(3), {kHubot});
  naming.pages[0].skipped_ids = {1, 2};
  run(1, {partial});
  run(2, {skipping});
  run(3, {naming});
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL", "3|02|NULL"));
  Listing gone = bare("acme", on_day(4), Outcome::not_found, "acme: HTTP 404");
  gone.resource = kMembers;
  run(4, {gone});
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL", "3|02|NULL"));
  EXPECT_THAT(listed(), ElementsAre("acme|7|not_found|NULL|0|0|0|0|acme: HTTP 404"));
}

TEST_F(StayWriterTest, AnUnchangedListDoesNotChangeTheRows) {
  run(0, {members_of(kAcme, on_day(0), std::vector{read_page_of_members({kMona, kOcto})})});
  const auto before = query("SELECT * FROM members");
  const Stored stored =
      store_one(1, members_of(kAcme, on_day(1), std::vector{not_modified_page(2)}));
  EXPECT_EQ(query("SELECT * FROM members"), before);
  EXPECT_EQ(stored.outcome, Outcome::unchanged);
  EXPECT_THAT(stored.accounts, ElementsAre("mona", "octo"));
  EXPECT_THAT(listed(), ElementsAre("acme|7|unchanged|900|2|0|0|0|NULL"));
}

TEST_F(StayWriterTest, OnAnUnchangedPageContinue) {
  run(0, {members_of(kAcme, on_day(0),
                     {read_page_of_members({kMona}, 1, 2), read_page_of_members({kOcto}, 2, 2)})});
  run(1, {members_of(kAcme, on_day(1),
                     {not_modified_page(1, 1), read_page_of_members({kOcto, kHubot}, 2, 2)})});
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL", "3|02|NULL"));
}

// Records can move between the requests for two pages.
TEST_F(StayWriterTest, AListOfSeveralPagesThatLacksAMemberIsReadAgain) {
  const auto pages = [](const std::vector<Member>& second) {
    return std::vector{read_page_of_members({kMona}, 1, 2), read_page_of_members(second, 2, 2)};
  };
  run(0, {members_of(kAcme, on_day(0), pages({kOcto, kHubot}))});
  const Stored first = store_one(1, members_of(kAcme, on_day(1), pages({kOcto})));
  EXPECT_TRUE(first.must_reread);
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL", "3|01|NULL"));
  EXPECT_THAT(listed(), IsEmpty()) << "the run has yet to read it";
  Listing second = members_of(kAcme, on_day(1, 9), pages({}));
  second.is_second_reading = true;
  const Stored again = store_more(second);
  EXPECT_FALSE(again.must_reread);
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL", "3|01|02"))
      << "what only the second one lacks is left to the next run";
  EXPECT_THAT(again.accounts, ElementsAre("mona", "octo"));
  EXPECT_THAT(query("SELECT DISTINCT principal FROM pages"), ElementsAre("")) << "read in full";
  EXPECT_THAT(listed(), ElementsAre("acme|7|ok|900|1|0|0|1|NULL"));
}

TEST_F(StayWriterTest, ASecondReadingThatConfirmsItEndsThem) {
  const std::vector<Page> pages{read_page_of_members({kMona}, 1, 2),
                                read_page_of_members({kOcto}, 2, 2)};
  run(0, {members_of(kAcme, on_day(0), {read_page_of_members({kMona, kHubot}, 1, 2), pages[1]})});
  EXPECT_TRUE(store_one(1, members_of(kAcme, on_day(1), pages)).must_reread);
  Listing second =
      members_of(kAcme, on_day(1, 9), {not_modified_page(1, 1), not_modified_page(1, 2)});
  second.is_second_reading = true;
  EXPECT_FALSE(store_more(second).must_reread);
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL", "2|01|NULL", "3|01|02"));
}

TEST_F(StayWriterTest, AListFromWhichTooManyVanishedIsRefused) {
  std::vector<Member> many;
  for (int i = 1; i <= 30; ++i) many.push_back({i, "user-" + std::to_string(i)});
  run(0, {members_of(kAcme, on_day(0), std::vector{read_page_of_members(many)})});
  const auto before = query("SELECT * FROM members");
  const auto pages = query("SELECT * FROM pages");
  const Listing half =
      members_of(kAcme, on_day(1), std::vector{read_page_of_members({many[0], {99, "new"}})});
  const Stored stored = store_one(1, half, 0.5);
  EXPECT_EQ(stored.outcome, Outcome::failed);
  EXPECT_THAT(stored.refused, HasSubstr("29 of 30"));
  EXPECT_EQ(stored.accounts.size(), 30U);
  EXPECT_EQ(query("SELECT * FROM members"), before);
  EXPECT_EQ(query("SELECT * FROM pages"), pages) << "the next run reads it again";
  EXPECT_THAT(listed(), ElementsAre(HasSubstr("acme|7|failed|900|0|0|0|0|")));
  EXPECT_THAT(query("SELECT login FROM users WHERE id = 99"), IsEmpty());
  EXPECT_EQ(store_one(2, half, 1).refused, "");
  EXPECT_THAT(query("SELECT count(*) FROM members WHERE until IS NULL"), ElementsAre("2"));
}

TEST_F(StayWriterTest, TheLastKnownMembersAreReturnedWithoutAList) {
  run(0, {members_of(kAcme, on_day(0), {kMona, kOcto})});
  Listing failed = bare("ACME", on_day(1), Outcome::failed, "acme: HTTP 502");
  failed.resource = kMembers;
  EXPECT_THAT(store_one(1, failed).accounts, ElementsAre("mona", "octo"));
}

TEST_F(StayWriterTest, ARenamedOrganisationKeepsItsMembers) {
  run(0, {members_of(kAcme, on_day(0), {kMona})});
  run(1, {members_of({900, "acme-inc"}, on_day(1), {kMona})});
  EXPECT_THAT(query("SELECT login FROM users WHERE id = 900"), ElementsAre("acme-inc"));
  EXPECT_THAT(query("SELECT old_login, new_login FROM user_renames"), ElementsAre("acme|acme-inc"));
  Listing moved = members_of(kAcme, on_day(2), {kMona});
  moved.moved = true;
  EXPECT_EQ(store_one(2, moved).outcome, Outcome::renamed);
  EXPECT_THAT(query("SELECT renamed_to FROM run_listings WHERE run_id = 3"),
              ElementsAre("acme-inc"));
  EXPECT_THAT(stays(), ElementsAre("1|01|NULL"));
}

TEST_F(StayWriterTest, ListingsOfTwoResourcesAreSeparate) {
  run(0, {members_of(kAcme, on_day(0), std::vector{read_page_of_members({kMona})}),
          of_pages("acme", on_day(0), {read_page(kAcme, {{5, "tool"}})})});
  EXPECT_THAT(query("SELECT login, resource, repo_ids FROM pages"),
              ElementsAre("acme|1|[5]", "acme|7|[1]"));
  EXPECT_THAT(query("SELECT login, resource, user_id FROM listings"),
              ElementsAre("acme|1|900", "acme|7|900"));
  begin(1);
  ListedSubjects inner({{"acme"}});
  ResumeFilter filter(inner, std::move(*open_reader(database_path())), run_id_, resources_);
  const auto members = filter.recall({.login = "acme", .resource = kMembers});
  ASSERT_TRUE(members);
  EXPECT_EQ(members->account, 900);
  EXPECT_EQ(members->known_records, 1U);
  EXPECT_EQ(members->pages.at(0).etag, "\"m1\"");
  EXPECT_EQ(filter.recall({.login = "acme"})->pages.at(0).etag, "\"acme1\"");
  EXPECT_FALSE(filter.recall({.login = "acme", .resource = 99}));
}

// One block of subjects.
class OneBlock final : public SubjectSource {
 public:
  explicit OneBlock(std::vector<Subject> subjects) : subjects_(std::move(subjects)) {}
  Result<std::vector<Subject>> next_block() override { return std::exchange(subjects_, {}); }

 private:
  std::vector<Subject> subjects_;
};

TEST_F(StayWriterTest, AResumedRunListsWhatIsNotSettledOfEachResource) {
  const auto pages = [](const std::vector<Member>& second) {
    return std::vector{read_page_of_members({kMona}, 1, 2), read_page_of_members(second, 2, 2)};
  };
  run(0, {members_of(kAcme, on_day(0), pages({kOcto})),
          members_of({901, "other"}, on_day(0), {kMona})});
  begin(1);
  ASSERT_TRUE(
      write({members_of(kAcme, on_day(1), pages({})),
             members_of({901, "other"}, on_day(1), {kMona}), listing(kAcme, on_day(1), {})}));
  OneBlock inner({{.login = "acme"},
                  {.login = "acme", .resource = kMembers},
                  {.login = "OTHER", .resource = kMembers},
                  {.login = "other"}});
  ResumeFilter filter(inner, std::move(*open_reader(database_path())), run_id_, resources_);
  const auto left = filter.next_block();
  ASSERT_TRUE(left);
  std::vector<std::string> names;
  for (const Subject& subject : *left) {
    names.push_back(subject.login + " " + std::to_string(subject.resource));
  }
  EXPECT_THAT(names, ElementsAre("acme 7", "other 1")) << "the list of acme needs a second reading";
}

TEST_F(StayWriterTest, RequestsHaveTheirResource) {
  Listing members = members_of(kAcme, on_day(0), {kMona});
  members.request_logs = {request_log(1, 10)};
  Listing repositories = listing(kAnna, on_day(0), {});
  repositories.request_logs = {request_log(1, 10)};
  run(0, {members, repositories});
  EXPECT_THAT(query("SELECT login, resource FROM requests"), ElementsAre("acme|7", "anna|1"));
}

}  // namespace
}  // namespace repopipe
