// Databases of machines that list a random world for some runs, in shards or with overlaps, merged
// in random orders and groups: the result is always the same.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "tests/storage/merge/merge_world.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937;

constexpr int kOwners = 6;
constexpr int kRepos = 18;
constexpr int kNights = 5;

int pick(Random& random, int most) {
  return std::uniform_int_distribution(0, most)(random);
}

// The true state on each day; machines differ only in when and how often they list.
class World {
 public:
  World(Random& random, bool moving) : states_(kNights, std::vector<State>(kRepos)) {
    for (int repo = 0; repo < kRepos; ++repo) {
      State state{repo % kOwners, 1, 0, repo % 5 != 0};
      for (int day = 0; day < kNights; ++day) {
        if (pick(random, 2) == 0) state.stars += pick(random, 3);
        if (pick(random, 5) == 0) state.name += 1;
        if (pick(random, 5) == 0) state.there = !state.there;
        if (moving && pick(random, 5) == 0) state.owner = pick(random, kOwners - 1);
        at(day, repo) = state;
      }
    }
    for (auto& day : gone_) day = pick(random, 3) == 0 ? pick(random, kNights) : kNights;
  }

  static std::string login(int owner) { return "user-" + std::to_string(owner); }

  // The response at that time; partly unchanged if `before` is the day of the last request.
  Listing look(int owner, int day, WallTime when, int before) const {
    const std::string name = login(owner);
    if (gone_[static_cast<std::size_t>(owner)] == day) {
      return bare(name, when, Outcome::not_found, "HTTP 404");
    }
    const auto repos = repos_of(owner, day);
    if (before >= 0 && text(repos_of(owner, before)) == text(repos)) {
      return of_pages(name, when, {not_modified_page(repos.size())});
    }
    Page page = read_page({owner + 1, name}, repos);
    page.validator.etag = text(repos);
    Listing listing = of_pages(name, when, {page});
    listing.request_logs = {request_log(1, 100)};
    return listing;
  }
  bool is_gone(int owner, int day) const { return gone_[static_cast<std::size_t>(owner)] == day; }

 private:
  struct State {
    int owner = 0;
    int name = 0;
    int stars = 0;
    bool there = true;
  };
  State& at(int day, int repo) {
    return states_[static_cast<std::size_t>(day)][static_cast<std::size_t>(repo)];
  }

  std::vector<Repo> repos_of(int owner, int day) const {
    std::vector<Repo> repos;
    for (int repo = 0; repo < kRepos; ++repo) {
      const State& state = states_[static_cast<std::size_t>(day)][static_cast<std::size_t>(repo)];
      if (state.owner != owner || !state.there) continue;
      const std::string topic = "t" + std::to_string(state.name);
      repos.push_back(
          {repo + 100,
           "r" + std::to_string(state.name),
           {{"stargazers_count", std::int64_t{state.stars}}, {"topics", "[\"" + topic + "\"]"}}});
    }
    return repos;
  }
  static std::string text(const std::vector<Repo>& repos) {
    std::string all;
    for (const Repo& repo : repos) {
      all += std::to_string(repo.id) + repo.name +
             std::to_string(std::get<std::int64_t>(repo.set.at("stargazers_count"))) + ";";
    }
    return all;
  }

  std::vector<std::vector<State>> states_;
  std::array<int, kOwners> gone_{};  // the day from which the account does not exist
};

// A machine: the accounts that it lists, and copies of its database after each run.
struct Machine {
  std::vector<int> owners;
  Shard shard;
  fs::path database{};
  std::vector<fs::path> copies{};
  std::vector<int> asked = std::vector<int>(kOwners, -1);
};

class MergeRandom : public ::testing::TestWithParam<int> {
 protected:
  // A time during the run; every listing has another one.
  WallTime moment(int day) {
    return on_day(day, 1 + 1000 * (++looks_ % 3600) + pick(random_, 999));
  }

  void spend_nights(Machine& machine, const World& world, bool steady) {
    for (int day = 0; day < kNights; ++day) {
      if (!steady && pick(random_, 4) == 0) continue;  // missed
      Night night{.day = day, .shard = machine.shard};
      const bool cut = !steady && pick(random_, 4) == 0;
      if (cut) night.status = pick(random_, 1) == 0 ? RunStatus::running : RunStatus::interrupted;
      std::vector<WallTime> times;
      for (std::size_t i = 0; i < machine.owners.size(); ++i) times.push_back(moment(day));
      std::ranges::sort(times);
      for (std::size_t i = 0; i < machine.owners.size(); ++i) {
        if (cut && pick(random_, 1) == 0) break;
        const int owner = machine.owners[i];
        int& asked = machine.asked[static_cast<std::size_t>(owner)];
        night.listings.push_back(world.look(owner, day, times[i], asked));
        if (!world.is_gone(owner, day)) asked = day;
      }
      spend(machine.database, night);
      machine.copies.push_back(machine.database.string() + "-" + std::to_string(day));
      fs::copy_file(machine.database, machine.copies.back());
    }
  }

  std::vector<Machine> machines(bool overlapping) {
    std::vector<Machine> all(3);
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].database = folder_.path() / ("machine-" + std::to_string(i) + ".db");
      all[i].shard = {static_cast<std::uint32_t>(i + 1), 3};
    }
    for (int owner = 0; owner < kOwners; ++owner) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        const bool own = static_cast<std::size_t>(owner) % all.size() == i;
        if (own || (overlapping && pick(random_, 2) == 0)) all[i].owners.push_back(owner);
      }
    }
    return all;
  }

  fs::path fresh() { return folder_.path() / ("merged-" + std::to_string(++merged_) + ".db"); }

  // All last states and some that are out of date, in any order, some of them by way of another
  // merge.
  fs::path merge_somehow(const std::vector<Machine>& machines) {
    std::vector<fs::path> from;
    for (const Machine& machine : machines) {
      from.push_back(machine.database);
      for (const fs::path& copy : machine.copies) {
        if (pick(random_, 2) == 0) from.push_back(copy);
      }
    }
    std::ranges::shuffle(from, random_);
    while (from.size() > 2 && pick(random_, 3) > 0) {
      const fs::path group = fresh();
      const auto count = 2 + pick(random_, static_cast<int>(from.size()) - 2);
      merge_all(group, {from.end() - count, from.end()});
      from.resize(from.size() - static_cast<std::size_t>(count));
      from.push_back(group);
      std::ranges::shuffle(from, random_);
    }
    const fs::path into = fresh();
    for (const fs::path& each : from) merge_all(into, {each});
    return into;
  }

  void expect_one_outcome(const std::vector<Machine>& machines) {
    const fs::path plain = fresh();
    for (const Machine& machine : machines) {
      if (fs::exists(machine.database)) merge_all(plain, {machine.database});
    }
    const auto expected = logical(plain);
    expect_sound(plain);
    for (int round = 0; round < 3; ++round) {
      const fs::path other = merge_somehow(machines);
      expect_sound(other);
      ASSERT_EQ(logical(other), expected) << "round " << round;
      EXPECT_EQ(merge_all(other, {plain}), std::vector<Merged>{Merged{}});
      ASSERT_EQ(logical(other), expected);
    }
  }

  TempFolder folder_;
  Random random_{static_cast<unsigned>(GetParam())};
  int looks_ = 0;
  int merged_ = 0;
};

void drop_unused(std::vector<Machine>& machines) {
  std::erase_if(machines, [](const Machine& each) { return each.copies.empty(); });
}

TEST_P(MergeRandom, ShardsComeOutTheSameInAnyOrder) {
  const World world(random_, false);
  auto all = machines(false);
  for (Machine& machine : all) spend_nights(machine, world, false);
  drop_unused(all);
  expect_one_outcome(all);
}

TEST_P(MergeRandom, OverlapsAndMovedRepositoriesComeOutTheSameInAnyOrder) {
  const World world(random_, true);
  auto all = machines(true);
  for (Machine& machine : all) spend_nights(machine, world, false);
  drop_unused(all);
  expect_one_outcome(all);
}

TEST_P(MergeRandom, ADatabaseAloneDoesNotChange) {
  const World world(random_, true);
  auto all = machines(true);
  spend_nights(all[0], world, true);
  const fs::path into = fresh();
  for (const fs::path& copy : all[0].copies) {
    merge_all(into, {copy});
    EXPECT_EQ(logical(into), logical(copy));
  }
  std::ranges::shuffle(all[0].copies, random_);
  const fs::path other = fresh();
  for (const fs::path& copy : all[0].copies) merge_all(other, {copy});
  EXPECT_EQ(logical(other), logical(all[0].database));
}

// The oracle lists all accounts at the times of the shards.
TEST_P(MergeRandom, ShardsAreTheWholeJob) {
  const World world(random_, false);
  auto all = machines(false);
  Machine whole{.owners = {}, .shard = {}, .database = folder_ / "whole.db"};
  for (int day = 0; day < kNights; ++day) {
    Night together{.day = day};
    for (Machine& machine : all) {
      Night night{.day = day, .shard = machine.shard};
      for (const int owner : machine.owners) {
        int& asked = machine.asked[static_cast<std::size_t>(owner)];
        night.listings.push_back(world.look(owner, day, moment(day), asked));
        together.listings.push_back(night.listings.back());
        if (!world.is_gone(owner, day)) asked = day;
      }
      spend(machine.database, night);
    }
    spend(whole.database, together);
    const fs::path into = fresh();
    merge_all(into, {all[1].database, all[2].database, all[0].database});
    ASSERT_EQ(world_of(into), world_of(whole.database)) << "night " << day;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, MergeRandom, ::testing::Range(1, 5));

}  // namespace
}  // namespace repopipe
