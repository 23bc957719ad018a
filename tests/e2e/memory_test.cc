// The list may be long; memory must not follow it.
#include <gtest/gtest.h>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

TEST(Memory, DoesNotFollowTheLengthOfTheList) {
  constexpr int kUsers = is_sanitized() ? 1'000 : 20'000;
  constexpr long kMostKib = 150 * 1024;
  std::vector<std::string> users;
  for (int i = 0; i < kUsers; ++i) users.push_back("nobody-" + std::to_string(i));
  const Simulator github(small_world());
  const Nightly nightly(github.base_url(), users);
  const Ended ended = nightly.run({"--set", "fetch.concurrency=100"});
  ASSERT_EQ(ended.exit_code, 65) << ended.err;  // no user was found
  EXPECT_EQ(query(nightly.database(), "SELECT outcome, count(*) FROM run_users GROUP BY outcome"),
            (Rows{{"not_found", std::to_string(kUsers)}}));
  if (is_sanitized()) GTEST_SKIP() << "a sanitizer's own memory says nothing";
  EXPECT_LT(ended.most_memory_kib, kMostKib);
}

}  // namespace
}  // namespace repopipe::e2e
