#include "pipeline/base/thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace repopipe {
namespace {

using ::testing::HasSubstr;

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

template <class Exception>
Failure caught_of(const Exception& exception) {
  return caught(std::make_exception_ptr(exception));
}

TEST(Caught, NamesTheLimitOfTheMachine) {
  EXPECT_EQ(caught_of(std::bad_alloc()), (Failure{FailureKind::machine_limit, "out of memory"}));
  for (const std::errc code : {std::errc::resource_unavailable_try_again,
                               std::errc::not_enough_memory, std::errc::too_many_files_open}) {
    EXPECT_EQ(caught_of(std::system_error(std::make_error_code(code))).kind,
              FailureKind::machine_limit);
  }
  // As oneTBB says it.
  const Failure thread =
      caught_of(std::runtime_error("pthread_create has failed: Resource temporarily unavailable"));
  EXPECT_EQ(thread.kind, FailureKind::machine_limit);
  EXPECT_THAT(thread.message, HasSubstr("unavailable; see ulimit -u and ulimit -v"));
}

TEST(Caught, TakesWhatElseIsThrownForADefect) {
  EXPECT_EQ(caught_of(std::runtime_error("odd")), (Failure{FailureKind::internal, "odd"}));
  EXPECT_EQ(caught_of(std::system_error(std::make_error_code(std::errc::bad_address))).kind,
            FailureKind::internal);
  EXPECT_EQ(caught_of(1).kind, FailureKind::internal);
  const Failure failure{FailureKind::output, "repos.db: cannot be opened"};
  EXPECT_EQ(caught_of(Thrown(failure)), failure);
}

}  // namespace
}  // namespace repopipe
