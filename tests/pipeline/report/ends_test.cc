#include "pipeline/report/ends.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace repopipe {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RunEnd failed_with(FailureKind kind) {
  return {.status = RunStatus::failed,
          .exit_code = policy_of(kind).exit_code,
          .error = "the cause",
          .cause = kind};
}

TEST(Ends, HaveARowForEachExitCode) {
  std::set<ExitCode> of_rows, all;
  for (const EndRow& row : end_rows()) of_rows.insert(row.exit_code);
  for (const ExitCodeMeaning& row : exit_codes()) all.insert(row.code);
  EXPECT_EQ(of_rows, all);
}

TEST(Ends, HaveARowForEachKindThatEndsARun) {
  for (int i = 0; i <= static_cast<int>(FailureKind::internal); ++i) {
    const RunEnd end = failed_with(static_cast<FailureKind>(i));
    EXPECT_EQ(row_of(end).exit_code, end.exit_code) << policy_of(*end.cause).name;
  }
}

// Causes with the same exit code have different remedies.
TEST(Ends, SayWhatToDoAboutTheCause) {
  struct Case {
    FailureKind cause;
    std::string named, not_named;
  };
  const EndNames names{"job.yaml", "https://api.example", "redis://queue.example:6379/0"};
  for (const Case& each : {Case{FailureKind::unreachable, "https://api.example", "Redis"},
                           Case{FailureKind::queue, "redis://queue.example:6379/0", "base_url"},
                           Case{FailureKind::proxy_login, "proxy variable", "base_url"},
                           Case{FailureKind::retired, "update repopipe", "base_url"},
                           Case{FailureKind::database, "continues", "former file"},
                           Case{FailureKind::disk, "free space", "restore a"},
                           Case{FailureKind::damaged, ".recover", "free space"},
                           Case{FailureKind::overlap, "other run", "base_url"},
                           Case{FailureKind::no_token, "check job.yaml --online", "base_url"},
                           Case{FailureKind::job, "check job.yaml", "base_url"},
                           Case{FailureKind::displaced, "former file", "continues"}}) {
    const std::string action = action_of(row_of(failed_with(each.cause)), names);
    EXPECT_THAT(action, HasSubstr(each.named));
    EXPECT_THAT(action, Not(HasSubstr(each.not_named)));
    EXPECT_THAT(action, Not(HasSubstr("{")));
  }
}

TEST(Ends, OfARunThatStoppedAreToldApart) {
  const auto row = [](RunStatus status, ExitCode code) {
    return row_of({.status = status, .exit_code = code}).reason;
  };
  EXPECT_EQ(row(RunStatus::deadline, ExitCode::try_later), StopReason::deadline);
  EXPECT_EQ(row(RunStatus::limited, ExitCode::try_later), StopReason::limited);
  EXPECT_EQ(row(RunStatus::interrupted, ExitCode::interrupted), StopReason::interrupted);
  EXPECT_EQ(row(RunStatus::interrupted, ExitCode::terminated), StopReason::terminated);
  EXPECT_EQ(row(RunStatus::complete, ExitCode::complete), StopReason::complete);
  for (const StopReason reason : {StopReason::users_failed, StopReason::users_vanished,
                                  StopReason::nobody_listed, StopReason::list_failed}) {
    RunEnd end{.status = RunStatus::incomplete, .exit_code = ExitCode::incomplete};
    end.reason = reason;
    EXPECT_EQ(row_of(end).reason, reason);
  }
}

TEST(Ends, AreToldInOneLine) {
  EXPECT_EQ(first_line("nightly", failed_with(FailureKind::unreachable), true),
            "nightly: failed (69): the cause");
  EXPECT_EQ(first_line("nightly", failed_with(FailureKind::overlap), false),
            "nightly: not started (75): the cause");
}

TEST(Ends, HaveWordsWithoutACause) {
  RunEnd end = failed_with(FailureKind::unreachable);
  end.error.clear();
  EXPECT_EQ(first_line("nightly", end, true), "nightly: failed (69): the API cannot be reached");
}

}  // namespace
}  // namespace repopipe
