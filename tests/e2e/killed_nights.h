// Runs that are killed and resumed, and the requests that they must not repeat.
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

// So few that most of a run is left whenever it is killed.
inline const std::vector<std::string> kTwoAtATime{"--set", "fetch.concurrency=2"};

// The state of a database, read from copies: reading must not repair it.
struct Remains {
  int runs = 0;
  std::string status;  // of the newest run, as the others; empty: no run
  int resumed = 0;
  std::set<std::string> settled;

  // The next run resumes it.
  bool is_unfinished() const {
    return !status.empty() && status != "complete" && status != "incomplete";
  }
};
Remains remains_of(const std::filesystem::path& database);

// A run of some seconds: users arrive so slowly that the writer commits them separately on any
// machine.
inline const std::vector<std::string> kSixteenUsers{"--accounts", "16",        "--seed", "30",
                                                    "--small",    "--latency", "20ms"};

// A world on two days, and the databases of undisturbed runs on both.  Run 0 begins without a
// database, run 1 with that of run 0.
class KilledNights {
 public:
  KilledNights(const std::vector<std::string>& world, std::vector<std::string> users);

  Nightly begin(int night) const;
  // The duration of the undisturbed run.
  std::chrono::milliseconds duration(int night) const {
    return nights_.at(static_cast<std::size_t>(night)).duration;
  }

  // Call it before each process.
  void starting(const Remains& remains);
  // Fails the test unless the run is complete and its database equals that of the undisturbed one.
  // `resumed`: how often the run was resumed.
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
