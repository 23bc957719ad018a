#include "pipeline/writer.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

namespace repopipe {
namespace {

// Waits in its first call until it is let go, so that listings gather meanwhile.
class GatedStore final : public Store {
 public:
  Result<std::vector<Stored>> write(std::span<const Listing> listings) override {
    groups.push_back(listings.size());
    if (groups.size() == 1) {
      entered.set_value();
      gate.get_future().wait();
    }
    if (failing) return fail(FailureKind::database, "disk full");
    std::vector<Stored> stored;
    for (const Listing& listing : listings) stored.push_back({.login = listing.login});
    return stored;
  }

  std::promise<void> entered;
  std::promise<void> gate;
  std::vector<std::size_t> groups;
  bool failing = false;
};

Listing listing_of(std::string login) {
  Listing listing;
  listing.login = std::move(login);
  return listing;
}

TEST(Writer, WritesWhatIsQueuedInOneGo) {
  GatedStore store;
  const SystemClock clock;
  std::vector<std::string> kept;
  {
    Writer writer(store, clock);
    const auto done = [&](const Kept& each) { kept.push_back(each.login); };
    writer.submit(listing_of("a"), done);
    store.entered.get_future().wait();
    for (const char* login : {"b", "c", "d"}) writer.submit(listing_of(login), done);
    store.gate.set_value();
  }
  EXPECT_EQ(store.groups, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(kept, (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST(Writer, TellsEachListingOfAFailure) {
  GatedStore store;
  store.failing = true;
  store.gate.set_value();
  const SystemClock clock;
  std::vector<std::string> failures;
  {
    Writer writer(store, clock);
    for (const char* login : {"a", "b"}) {
      writer.submit(listing_of(login), [&](const Kept& kept) {
        failures.push_back(kept.login + ": " + kept.result.error().message);
      });
    }
  }
  EXPECT_EQ(failures, (std::vector<std::string>{"a: disk full", "b: disk full"}));
}

}  // namespace
}  // namespace repopipe
