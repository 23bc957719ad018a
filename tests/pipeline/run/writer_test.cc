#include "pipeline/run/writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

namespace repopipe {
namespace {

using Strings = std::vector<std::string>;

// Records its calls.  Blocks in its first call until it is released, so that other listings queue.
class GatedStore final : public Store {
 public:
  Result<Stored> add(const Listing& listing) override {
    calls.push_back(listing.login);
    if (calls.size() == 1) {
      entered.set_value();
      gate.get_future().wait();
    }
    if (listing.login == fails_at) return fail(FailureKind::database, "disk full");
    return Stored{.login = listing.login};
  }
  void abandon() noexcept override {}
  Status commit() override {
    calls.emplace_back("commit");
    return fails_at == "commit" ? fail(FailureKind::database, "disk full") : Status{};
  }

  std::promise<void> entered;
  std::promise<void> gate;
  Strings calls;
  std::string fails_at;
};

Listing listing_of(std::string login, std::uint32_t index) {
  Listing listing;
  listing.login = std::move(login);
  listing.subject = {index, 1};
  return listing;
}

// The calls for these users; the writer has begun the first one before the others arrive.
Strings told_of(GatedStore& store, const Strings& logins) {
  const SystemClock clock;
  Strings told;
  const auto written = [&](const Written& users) {
    for (const SubjectHandle user : users.subjects) told.push_back("written " + logins[user.index]);
  };
  const auto done = [&](const Committed& committed) {
    told.push_back(logins[committed.subject.index] + ": " +
                   (committed.result ? "committed" : committed.result.error().message));
  };
  {
    Writer writer(store, clock, written);
    for (std::uint32_t i = 0; i < logins.size(); ++i) {
      writer.submit(listing_of(logins[i], i), done);
      if (i == 0) store.entered.get_future().wait();
    }
    store.gate.set_value();
  }
  return told;
}

TEST(Writer, CommitsWhenNoListingWaits) {
  GatedStore store;
  told_of(store, {"a", "b", "c"});
  EXPECT_EQ(store.calls, (Strings{"a", "b", "c", "commit"}));
}

TEST(Writer, CommitsALargeGroupWhileListingsWait) {
  GatedStore store;
  Strings logins;
  for (int i = 0; i < 1'500; ++i) logins.push_back(std::to_string(i));
  told_of(store, logins);
  EXPECT_EQ(std::ranges::count(store.calls, "commit"), 2);
  EXPECT_EQ(store.calls.size(), 1'502U);
}

TEST(Writer, ReportsAWrittenUserBeforeItsCommit) {
  GatedStore store;
  EXPECT_EQ(told_of(store, {"a", "b"}),
            (Strings{"written a", "written b", "a: committed", "b: committed"}));
}

TEST(Writer, ReportsEachUserOfATransactionThatFails) {
  GatedStore store;
  store.fails_at = "b";
  EXPECT_EQ(told_of(store, {"a", "b", "c"}),
            (Strings{"written a", "a: disk full", "b: disk full", "written c", "c: committed"}));
}

TEST(Writer, ReportsEachUserOfACommitThatFails) {
  GatedStore store;
  store.fails_at = "commit";
  EXPECT_EQ(told_of(store, {"a", "b"}),
            (Strings{"written a", "written b", "a: disk full", "b: disk full"}));
}

}  // namespace
}  // namespace repopipe
