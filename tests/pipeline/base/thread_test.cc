#include "pipeline/base/thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <stdexcept>

namespace repopipe {
namespace {

TEST(Thread, ReportsWhatItsBodyThrows) {
  std::optional<Failure> told;
  {
    const auto thread = Thread::start(
        "test", [] { throw std::runtime_error("a defect"); },
        [&told](const Failure& failure) { told = failure; });
    ASSERT_TRUE(thread);
  }
  EXPECT_EQ(told, (Failure{FailureKind::internal, "a defect"}));
}

TEST(Thread, IsJoinedWhenItGoesOrAnotherTakesItsPlace) {
  std::atomic<int> ended{0};
  const auto body = [&ended] { ++ended; };
  {
    Thread thread = Thread::must_start("test", body, [](const Failure&) {});
    thread = Thread::must_start("test", body, [](const Failure&) {});
    EXPECT_GE(ended, 1);
  }
  EXPECT_EQ(ended, 2);
  Thread none;
  none.join();
}

}  // namespace
}  // namespace repopipe
