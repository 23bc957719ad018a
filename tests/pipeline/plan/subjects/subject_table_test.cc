#include "pipeline/plan/subjects/subject_table.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace repopipe {
namespace {

TEST(SubjectTable, FindsASubjectByItsHandleAndByItsLogin) {
  SubjectTable table;
  SubjectState& octocat = table.add("octocat");
  SubjectState& hubot = table.add("hubot");
  EXPECT_EQ(&table.at(octocat.handle), &octocat);
  EXPECT_EQ(&table.at(hubot.handle), &hubot);
  EXPECT_EQ(table.find("hubot"), &hubot);
  EXPECT_EQ(table.find("nobody"), nullptr);
  EXPECT_TRUE(table.contains("octocat"));
  EXPECT_EQ(table.size(), 2U);
}

TEST(SubjectTable, KeepsStatesWhereTheyAre) {
  SubjectTable table;
  SubjectState& first = table.add("first");
  for (int i = 0; i < 10'000; ++i) table.add(std::to_string(i));
  EXPECT_EQ(&table.at(first.handle), &first);
}

// A late response must not be assigned to another subject in the same slot.
TEST(SubjectTable, KnowsAHandleWhoseSlotIsUsedAgain) {
  SubjectTable table;
  const SubjectHandle old = table.add("octocat").handle;
  table.remove(old);
  EXPECT_THROW(table.at(old), std::out_of_range);
  EXPECT_FALSE(table.contains("octocat"));
  SubjectState& next = table.add("hubot");
  EXPECT_EQ(next.handle.index, old.index);
  EXPECT_THROW(table.at(old), std::out_of_range);
  EXPECT_EQ(&table.at(next.handle), &next);
  EXPECT_EQ(next.key, "hubot");
  EXPECT_EQ(next.missing, 1U);  // nothing of the previous subject is left
}

TEST(SubjectTable, RejectsAHandleOfNoSubject) {
  SubjectTable table;
  EXPECT_THROW(table.at({}), std::out_of_range);
  table.add("octocat");
  EXPECT_THROW(table.at({}), std::out_of_range);
}

TEST(SubjectTable, VisitsWhoIsUnderWayAndForgetsAll) {
  SubjectTable table;
  table.add("a");
  const SubjectHandle b = table.add("b").handle;
  table.add("c");
  table.remove(b);
  std::vector<std::string> logins;
  table.for_each([&](const SubjectState& state) { logins.push_back(state.key); });
  EXPECT_EQ(logins, (std::vector<std::string>{"a", "c"}));
  table.clear();
  EXPECT_TRUE(table.is_empty());
  EXPECT_FALSE(table.contains("a"));
  EXPECT_GT(table.add("a").handle.generation, 1U);
}

}  // namespace
}  // namespace repopipe
