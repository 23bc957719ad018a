#include "storage/store/resume_filter.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/storage/store/listed_subjects.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BrokenSubjects final : public SubjectSource {
 public:
  Result<std::vector<Subject>> next_block() override {
    return fail(FailureKind::job, "users.txt: cannot be read");
  }
};

class ResumeFilterTest : public StoreTest {
 protected:
  ResumeFilter over(SubjectSource& inner) {
    return ResumeFilter(inner, std::move(*open_reader(database_path())), run_id_, resources_);
  }

  static std::vector<std::string> next(ResumeFilter& subjects) {
    const auto block = subjects.next_block();
    if (!block) return {block.error().message};
    std::vector<std::string> logins;
    for (const Subject& subject : *block) logins.push_back(subject.login);
    return logins;
  }
};

TEST_F(ResumeFilterTest, DropsSettledUsersInAnySpelling) {
  begin(0);
  ASSERT_TRUE(write({bare("Anna", on_day(0), Outcome::failed)}));
  begin(1);
  ASSERT_TRUE(write(
      {bare("BEN", on_day(1), Outcome::not_found), bare("dora", on_day(1), Outcome::abandoned)}));
  ListedSubjects inner({{"anna", "ben", "Carl", "dora"}});
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("anna", "Carl", "dora"));
  EXPECT_THAT(next(subjects), IsEmpty());
}

TEST_F(ResumeFilterTest, KeepsTheFirstSpellingInABlock) {
  begin(0);
  ListedSubjects inner({{"anna", "Ben", "ANNA", "ben", "carl"}});
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("anna", "Ben", "carl"));
}

TEST_F(ResumeFilterTest, SkipsBlocksWithNothingLeft) {
  begin(0);
  ASSERT_TRUE(write({bare("anna", on_day(0), Outcome::ok), bare("ben", on_day(0), Outcome::ok)}));
  ListedSubjects inner({{"anna", "ben"}, {"ben"}, {"carl"}, {"anna"}});
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("carl"));
  EXPECT_THAT(next(subjects), IsEmpty());
}

TEST_F(ResumeFilterTest, SeesUsersSettledSinceTheLastBlock) {
  begin(0);
  ListedSubjects inner({{"anna"}, {"anna", "ben"}});
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("anna"));
  ASSERT_TRUE(write({bare("anna", on_day(0), Outcome::ok)}));
  EXPECT_THAT(next(subjects), ElementsAre("ben"));
}

TEST_F(ResumeFilterTest, ReturnsTheStoredStateOfALogin) {
  Listing anna = of_pages("anna", on_day(0),
                          {read_page(kAnna, {{1, "a"}, {2, "b"}}, 1, 3),
                           read_page(kAnna, {{3, "c"}}, 2, 3), read_page(kAnna, {}, 3, 3)});
  anna.per_page = 50;
  run(0, {anna, bare("ben", on_day(0), Outcome::ok), bare("carl", on_day(0), Outcome::failed)});
  begin(1);
  ListedSubjects inner({{"ANNA", "ben", "carl", "dora"}});
  const auto block = over(inner).next_block();
  ASSERT_TRUE(block) << block.error().message;
  const std::string target = "/users/anna/repos?page=";
  const std::vector<KnownPage> pages{{1, "tok", "\"anna1\"", target + "1", target + "2", 2},
                                     {2, "tok", "\"anna2\"", target + "2", target + "3", 1},
                                     {3, "tok", "\"anna3\"", target + "3", "", 0}};
  EXPECT_EQ(*block, (std::vector<Subject>{{"ANNA", 10, 50, pages, 3, false, 1},
                                          {"ben", {}, 0, {}, 0, false, 1},
                                          {"carl"},
                                          {"dora"}}));
}

TEST_F(ResumeFilterTest, ReturnsStoredPagesUpToTheFirstGap) {
  Listing anna = of_pages("anna", on_day(0),
                          {read_page(kAnna, {{1, "a"}}, 1, 3), page_of(kAnna, {{2, "b"}}, 2),
                           read_page(kAnna, {{3, "c"}}, 3, 3)});
  Listing ben =
      of_pages("ben", on_day(0), {page_of(kBen, {{4, "d"}}, 1), read_page(kBen, {{5, "e"}}, 2, 2)});
  run(0, {anna, ben});
  begin(1);
  ListedSubjects inner({std::vector<std::string>{"anna", "ben"}});
  const auto block = over(inner).next_block();
  ASSERT_TRUE(block && block->size() == 2);
  ASSERT_EQ((*block)[0].pages.size(), 1u);
  EXPECT_EQ((*block)[0].pages[0].next, "/users/anna/repos?page=2");
  EXPECT_EQ((*block)[1], (Subject{"ben", 20, 0, {}, 2, false, 1}));
}

TEST_F(ResumeFilterTest, RecallsASettledUserWithItsPresentState) {
  begin(0);
  ListedSubjects inner({{"anna"}});
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("anna"));
  ASSERT_TRUE(write({of_pages("anna", on_day(0), {read_page(kAnna, {{1, "a"}}, 1, 1)})}));
  EXPECT_THAT(next(subjects), IsEmpty());
  const auto anna = subjects.recall(Subject{"Anna"});
  ASSERT_TRUE(anna) << anna.error().message;
  const std::vector<KnownPage> pages{{1, "tok", "\"anna1\"", "/users/anna/repos?page=1", "", 1}};
  EXPECT_EQ(*anna, (Subject{"Anna", 10, 0, pages, 1, false, 1}));
  EXPECT_EQ(*subjects.recall(Subject{"nobody"}), Subject{"nobody"});
}

TEST_F(ResumeFilterTest, ReturnsAFailure) {
  begin(0);
  BrokenSubjects inner;
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("users.txt: cannot be read"));
}

TEST_F(ResumeFilterTest, FindsTheLastOfTenThousand) {
  begin(0);
  std::vector<std::vector<std::string>> blocks;
  std::vector<Listing> settled;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 250 == 0) blocks.emplace_back();
    blocks.back().push_back("user-" + std::to_string(i));
    if (i != 9'876) settled.push_back(bare("USER-" + std::to_string(i), on_day(0), Outcome::ok));
  }
  ASSERT_TRUE(write(settled));
  ListedSubjects inner(std::move(blocks));
  ResumeFilter subjects = over(inner);
  EXPECT_THAT(next(subjects), ElementsAre("user-9876"));
  EXPECT_THAT(next(subjects), IsEmpty());
}

}  // namespace
}  // namespace repopipe
