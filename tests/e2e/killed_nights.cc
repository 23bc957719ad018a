#include "tests/e2e/killed_nights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "tests/e2e/rows.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;

constexpr int kNights = 2;
constexpr int kDaysBetween = 5;

// Of "2026-11-22T02:00:00.123Z", which is rounded down.
std::chrono::system_clock::time_point parse_time(const std::string& text) {
  std::tm parts{};
  std::istringstream(text) >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S");
  return std::chrono::system_clock::from_time_t(timegm(&parts)) +
         std::chrono::milliseconds(std::stoi(text.substr(text.find('.') + 1)));
}

}  // namespace

// A reader must not roll back a transaction from before the database had its write-ahead log.
Remains remains_of(const fs::path& database) {
  Remains remains;
  if (!fs::exists(database)) return remains;
  const TempFolder folder;
  const fs::path copy = folder / "copy.db";
  for (const char* suffix : {"", "-wal", "-journal"}) {
    const fs::path file = database.string() + suffix;
    if (fs::exists(file)) fs::copy_file(file, copy.string() + suffix);
  }
  if (fs::exists(copy.string() + "-journal")) execute(copy, "SELECT 1 FROM sqlite_schema");
  if (query(copy, "SELECT 1 FROM sqlite_schema WHERE name = 'runs'").empty()) return remains;
  for (const Row& row : query(copy, "SELECT status, resumed FROM runs ORDER BY id")) {
    ++remains.runs;
    remains.status = row[0];
    remains.resumed = std::stoi(row[1]);
  }
  for (const Row& row :
       query(copy, "SELECT login FROM run_users WHERE run_id = (SELECT max(id) FROM runs)")) {
    remains.settled.insert(row[0]);
  }
  return remains;
}

KilledNights::KilledNights(const std::vector<std::string>& world, std::vector<std::string> users)
    : users_(std::move(users)) {
  for (int night = 0; night < kNights; ++night) {
    const std::vector<std::string> more{"--day", std::to_string(night * kDaysBetween), "--log",
                                        log(night).string()};
    nights_.push_back({.github = std::make_unique<Simulator>(world + more)});
    live_through(night);
  }
  expect_change();
}

fs::path KilledNights::log(int night) const {
  return folder_ / ("night-" + std::to_string(night) + ".jsonl");
}

void KilledNights::live_through(int night) {
  Night& own = nights_[static_cast<std::size_t>(night)];
  starting({});
  own.undisturbed = std::make_unique<Nightly>(begin(night));
  const auto start = std::chrono::steady_clock::now();
  const Ended ended = own.undisturbed->run();
  own.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  own.facts = dump(own.undisturbed->database(), e2e::Part::facts);
}

// The second run contains every kind of change.
void KilledNights::expect_change() const {
  const Rows second =
      query(nights_.back().undisturbed->database(),
            "SELECT users_ok > 0, users_unchanged > 0, requests_unchanged > 0, repos_new > 0, "
            "repos_changed > 0, repos_gone > 0 FROM latest_run");
  EXPECT_EQ(second, (Rows{{"1", "1", "1", "1", "1", "1"}}));
}

Nightly KilledNights::begin(int night) const {
  const auto index = static_cast<std::size_t>(night);
  Nightly nightly(nights_.at(index).github->base_url(), users_);
  if (night == 0) return nightly;
  fs::copy_file(nights_[index - 1].undisturbed->database(), nightly.database());
  return nightly;
}

void KilledNights::starting(const Remains& remains) {
  parts_.push_back({std::chrono::system_clock::now(),
                    remains.is_unfinished() ? remains.settled : std::set<std::string>{}});
}

void KilledNights::expect_complete(const Nightly& nightly, int night, int resumed) const {
  const fs::path& database = nightly.database();
  EXPECT_EQ(query(database, "PRAGMA integrity_check"), (Rows{{"ok"}}));
  EXPECT_EQ(query(database, "SELECT id, status, resumed FROM runs ORDER BY id DESC LIMIT 1"),
            (Rows{{std::to_string(night + 1), "complete", std::to_string(resumed)}}));
  const auto& expected = nights_.at(static_cast<std::size_t>(night)).facts;
  EXPECT_THAT(difference(dump(database, e2e::Part::facts), expected), ::testing::IsEmpty());
}

std::vector<std::string> KilledNights::repeated() {
  std::vector<std::string> repeated;
  for (int night = 0; night < kNights; ++night) {
    nights_[static_cast<std::size_t>(night)].github.reset();  // so that it flushes its log
    compare(log(night), repeated);
  }
  return repeated;
}

// A request that a killed process had sent may arrive when the next one has started.  Its user is
// not finished, so that is harmless.
void KilledNights::compare(const fs::path& log, std::vector<std::string>& repeated) const {
  std::ifstream file(log);
  EXPECT_TRUE(file.is_open()) << log;
  for (std::string line; std::getline(file, line);) {
    const auto request = nlohmann::json::parse(line);
    const auto at = parse_time(request.at("time"));
    const auto next = std::ranges::upper_bound(parts_, at, {}, &Part::started);
    if (next == parts_.begin()) {
      repeated.push_back("before the first process: " + line);
    } else if (std::prev(next)->settled.contains(request.value("login", ""))) {
      repeated.push_back(line);
    }
  }
}

}  // namespace repopipe::e2e
