// Many random worlds, each for several runs of changes and false responses: no existing record
// stays gone, no vanished record stays, and no run succeeds that left a known user without a
// response.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/e2e/nightly.h"
#include "tests/e2e/random_world.h"
#include "tests/e2e/rows.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

// Of each of the four parts; a thousand in all.
constexpr unsigned kLong = 250;
constexpr unsigned kQuick = 3;

std::set<std::int64_t> numbers(const std::filesystem::path& database, const std::string& sql) {
  std::set<std::int64_t> all;
  for (const Row& row : query(database, sql)) all.insert(std::stoll(row[0]));
  return all;
}

class World {
 public:
  explicit World(unsigned seed)
      : api_(seed),
        server_([this](const std::string& head) { return api_.answer(head); }),
        nightly_(server_.base_url(), api_.logins()) {}

  void live() {
    spend_night(false, "0.2");
    for (int night = 0; night < 3; ++night) {
      api_.change();
      spend_night(true, night == 1 ? "0.2" : "1");
    }
    // The first run may be incomplete because a false response failed a user.
    for (int night = 0; night < 3; ++night) spend_night(false, "1");
    check_truth();
  }

 private:
  void spend_night(bool with_lies, const std::string& max_vanished) {
    if (nightly_exists_) known_ = known_logins();
    api_.begin_night(with_lies);
    const Ended ended = nightly_.run(
        {"--set", "provider.per_page=3", "--set", "fetch.attempts=3", "--set", "run.max_wait=300ms",
         "--set", "run.connect_wait=300ms", "--set", "run.max_vanished=" + max_vanished});
    nightly_exists_ = true;
    said_ += ended.err;
    if (!with_lies) {
      EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 65) << ended.err;
    }
    if (ended.exit_code == 0) check_answers();
    check_present();
  }

  std::set<std::string> known_logins() const {
    std::set<std::string> known;
    for (const Row& row :
         query(nightly_.database(), "SELECT login FROM listings WHERE user_id IS NOT NULL")) {
      known.insert(row[0]);
    }
    return known;
  }

  // After exit code 0 every known, existing user was listed, or was refused in the run before, too.
  void check_answers() {
    const Rows rows = query(nightly_.database(),
                            "SELECT login, outcome, lag(outcome) OVER (PARTITION BY login ORDER BY "
                            "run_id), run_id = (SELECT max(id) FROM runs) FROM run_users");
    for (const auto& [id, account] : api_.accounts()) {
      if (!account.exists || !known_.contains(account.listed_login)) continue;
      for (const Row& row : rows) {
        if (row[0] != account.listed_login || row[3] != "1") continue;
        const bool is_listed = row[1] == "ok" || row[1] == "unchanged" || row[1] == "renamed";
        EXPECT_TRUE(is_listed || (row[1] == "blocked" && row[2] == "blocked"))
            << row[0] << " is " << row[1] << ", and the exit code is 0\n"
            << said_;
      }
    }
  }

  // Only an empty list in two runs in a row is accepted although it is false.
  void check_present() {
    const auto gone = numbers(nightly_.database(), "SELECT id FROM repos WHERE gone_since <> ''");
    const auto lost = numbers(nightly_.database(), "SELECT id FROM users WHERE gone_since <> ''");
    for (const auto& [id, account] : api_.accounts()) {
      EXPECT_FALSE(account.exists && lost.contains(id)) << id << "\n" << said_;
      if (!account.exists || account.empty_nights > 1) continue;
      for (const std::int64_t repo : account.repos) {
        const bool was_believed = believed_.contains(id);
        EXPECT_TRUE(was_believed || !gone.contains(repo)) << "r" << repo << " of " << id << "\n"
                                                          << said_;
      }
    }
    for (const auto& [id, account] : api_.accounts()) {
      if (account.empty_nights > 1) believed_.insert(id);
    }
  }

  // After two runs with true responses the database is correct.
  void check_truth() {
    const auto gone = numbers(nightly_.database(), "SELECT id FROM repos WHERE gone_since <> ''");
    const auto lost = numbers(nightly_.database(), "SELECT id FROM users WHERE gone_since <> ''");
    const auto here = numbers(nightly_.database(), "SELECT id FROM repos");
    const auto known = numbers(nightly_.database(), "SELECT id FROM users");
    for (const auto& [id, account] : api_.accounts()) {
      const bool is_lost = lost.contains(id) == !account.exists;
      EXPECT_TRUE(is_lost || !known.contains(id)) << id << "\n" << said_;
      if (!account.exists || !known.contains(id)) continue;  // its rename could not be followed
      const auto owned = numbers(nightly_.database(),
                                 "SELECT id FROM repos WHERE owner_id = " + std::to_string(id));
      for (const std::int64_t repo : account.repos) {
        EXPECT_TRUE(here.contains(repo) && !gone.contains(repo)) << "r" << repo << "\n" << said_;
      }
      for (const std::int64_t repo : owned) {
        EXPECT_EQ(gone.contains(repo), !account.repos.contains(repo))
            << "r" << repo << " of " << id << "\n"
            << said_;
      }
    }
  }

  RandomWorld api_;
  testing::HttpServer server_;
  Nightly nightly_;
  bool nightly_exists_ = false;
  std::set<std::string> known_;
  std::set<std::int64_t> believed_;  // accounts whose empty lists were believed
  std::string said_;
};

class Worlds : public ::testing::TestWithParam<unsigned> {};

void live_through(unsigned part, unsigned worlds) {
  for (unsigned i = 0; i < worlds && !::testing::Test::HasFailure(); ++i) {
    const unsigned seed = part * 1000 + i;
    SCOPED_TRACE("seed " + std::to_string(seed));
    World(seed).live();
  }
}

TEST_P(Worlds, AreToldAsTheyAre) {
  live_through(GetParam(), kQuick);
}

TEST_P(Worlds, AreToldAsTheyAreInAThousand) {
  live_through(GetParam(), kLong);
}

INSTANTIATE_TEST_SUITE_P(Parts, Worlds, ::testing::Range(0U, 4U));

}  // namespace
}  // namespace repopipe::e2e
