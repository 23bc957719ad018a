// Nights that are killed and gone on with, and what they must not ask for again.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/nightly.h"
#include "tests/e2e/simulator.h"

namespace repopipe::e2e {

// So few that most of a night is yet to come whenever it ends.
inline const std::vector<std::string> kTwoAtATime{"--set", "fetch.concurrency=2"};

// What the files of a database say, read from copies: a look must not mend what a kill left.
struct Remains {
  int runs = 0;
  std::string status;  // of the newest run, like the others; empty without one
  int resumed = 0;
  std::set<std::string> settled;

  // The next run goes on with it.
  bool is_unfinished() const {
    return !status.empty() && status != "complete" && status != "incomplete";
  }
};
Remains remains_of(const std::filesystem::path& database);

// A night that takes a moment: users come so slowly that the writer, on any machine, has written
// some before the next are there, and commits them apart.
inline const std::vector<std::string> kSixteenUsers{"--accounts", "16",        "--seed", "30",
                                                    "--small",    "--latency", "20ms"};

// A world and what it is some days later, and what undisturbed nights make of both.  Night 0 begins
// without a database, night 1 with that of night 0.
class KilledNights {
 public:
  KilledNights(const std::vector<std::string>& world, std::vector<std::string> users);

  Nightly begin(int night) const;
  // How long the undisturbed night took.
  std::chrono::milliseconds duration(int night) const {
    return nights_.at(static_cast<std::size_t>(night)).duration;
  }

  // To be called before each process that works on a night.
  void starting(const Remains& remains);
  // Fails the test unless the night is complete and its database that of the undisturbed one.
  // `resumed`: how often its run was gone on with.
  void expect_complete(const Nightly& nightly, int night, int resumed) const;
  // Ends the simulators; the requests, of all that were sent, for users that had been settled when
  // their process started.
  std::vector<std::string> repeated();

 private:
  using WallTime = std::chrono::system_clock::time_point;

  struct Night {
    std::unique_ptr<Simulator> github;
    std::unique_ptr<Nightly> undisturbed{};
    std::vector<std::string> facts{};
    std::chrono::milliseconds duration{};
  };
  struct Part {
    WallTime started;
    std::set<std::string> settled;
  };

  std::filesystem::path log(int night) const;
  void live_through(int night);
  void expect_change() const;
  void compare(const std::filesystem::path& log, std::vector<std::string>& repeated) const;

  TempFolder folder_;
  std::vector<std::string> users_;
  std::vector<Night> nights_;
  std::vector<Part> parts_;  // in the order in which they started, one after the other
};

}  // namespace repopipe::e2e
