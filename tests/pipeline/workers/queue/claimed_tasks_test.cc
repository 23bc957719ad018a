#include "pipeline/workers/queue/claimed_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::uint64_t> begun_by(ClaimedTasks& taken) {
  std::vector<std::uint64_t> ids;
  for (const ClaimedTasks::Entry& each : taken.begin_some()) ids.push_back(each.task.id);
  return ids;
}

void add(ClaimedTasks& taken, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t id = first; id <= last; ++id) {
    Task task;
    task.id = id;
    taken.add({std::to_string(id), std::move(task)});
  }
}

TEST(ClaimedTasks, AreBegunInTheirOrderUpToTheShare) {
  ClaimedTasks taken;
  taken.set_share(2);
  add(taken, 1, 4);
  EXPECT_THAT(begun_by(taken), ElementsAre(1, 2));
  EXPECT_THAT(begun_by(taken), IsEmpty());
  taken.settled();
  EXPECT_THAT(begun_by(taken), ElementsAre(3));
}

TEST(ClaimedTasks, AreHalfAsManyAgainAsTheShare) {
  ClaimedTasks taken;
  EXPECT_EQ(taken.room(), 2U) << "the share is one";
  taken.set_share(4);
  EXPECT_EQ(taken.room(), 6U);
  add(taken, 1, 5);
  EXPECT_EQ(taken.room(), 1U);
  taken.add("no task");
  EXPECT_EQ(taken.room(), 0U);
}

TEST(ClaimedTasks, LeaveNoRoomForLessThanSeveral) {
  ClaimedTasks taken;
  taken.set_share(16);
  add(taken, 1, 21);
  EXPECT_EQ(taken.room(), 0U) << "3 are not worth a question";
  taken.remove("1");
  EXPECT_EQ(taken.room(), 4U);
  taken.set_share(2);
  EXPECT_EQ(taken.room(), 0U);
  for (std::uint64_t id = 2; id <= 19; ++id) taken.remove(std::to_string(id));
  EXPECT_EQ(taken.room(), 1U) << "half of what may wait";
}

TEST(ClaimedTasks, StayUntilTheyAreRemoved) {
  ClaimedTasks taken;
  add(taken, 1, 2);
  begun_by(taken);
  taken.settled();
  EXPECT_THAT(taken.ids(), UnorderedElementsAre("1", "2"));
  taken.remove("1");
  taken.remove("2");
  EXPECT_TRUE(taken.is_empty());
}

TEST(ClaimedTasks, OfASmallerShareAreBegunWhenEnoughAreDone) {
  ClaimedTasks taken;
  taken.set_share(3);
  add(taken, 1, 4);
  begun_by(taken);
  taken.set_share(1);
  EXPECT_EQ(taken.room(), 0U);
  taken.settled();
  taken.settled();
  EXPECT_THAT(begun_by(taken), IsEmpty());
  taken.settled();
  EXPECT_THAT(begun_by(taken), ElementsAre(4));
}

TEST(ClaimedTasks, AreCalledBackUpToANumberUnlessTheyAreBegun) {
  ClaimedTasks taken;
  add(taken, 1, 4);
  EXPECT_THAT(begun_by(taken), ElementsAre(1));
  std::vector<std::uint64_t> called;
  for (const ClaimedTasks::Entry& each : taken.call_back(3)) called.push_back(each.task.id);
  EXPECT_THAT(called, ElementsAre(2, 3));
  taken.settled();
  EXPECT_THAT(begun_by(taken), ElementsAre(4));
}

TEST(ClaimedTasks, OfALargerShareAreBegun) {
  ClaimedTasks taken;
  add(taken, 1, 2);
  EXPECT_THAT(begun_by(taken), ElementsAre(1));
  taken.set_share(2);
  EXPECT_THAT(begun_by(taken), ElementsAre(2));
}

}  // namespace
}  // namespace repopipe
