// Watches a run on a thread of its own: draws the display, tells the log once a minute, and answers
// SIGUSR1.  While it draws, everything that the program prints on stderr goes through it.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/system.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/report/frame.h"
#include "pipeline/report/progress.h"

namespace repopipe {

struct MonitorOptions {
  std::string job{};
  std::uint64_t total = 0;         // entries of the job, duplicates included
  std::uint64_t users_before = 0;  // settled in earlier parts of the run
  std::size_t concurrency = 1;
  std::optional<WallTime> deadline{};
  // The workers of the run.  Threading: the monitor's, and that of `say_progress`.
  std::function<std::optional<WorkerCounts>()> workers = [] { return std::nullopt; };
  bool draws = false;  // the display
  bool has_colour = false;
  bool is_utf8 = false;
  // Called once a minute.  Threading: the monitor's.
  std::function<void(const Progress&)> minute = [](const Progress&) {};
  // Called when a wait of the run is over.
  std::function<void()> continued = [] {};
};

// If the thread cannot be started, there is no display.
class Monitor {
 public:
  Monitor(const CountingStore& store, MonitorOptions options, const Clock& clock);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  // `ask` is called several times a second while it is set; `tell` then gets the answer.  After
  // `detach` it is not called any more.  Threading: any.
  void attach(std::function<void()> ask);
  void detach();
  void tell(RunProgress progress);
  // Prints how far the run is, whatever is displayed.
  void say_progress();

 private:
  void watch();
  void look();
  void measure() REQUIRES(mutex_);
  Progress progress() REQUIRES(mutex_);
  void draw() REQUIRES(mutex_);
  // Puts `text` above the display.  Called by `say`.
  void print(const std::string& text, Last last);
  std::string erasing() REQUIRES(mutex_);
  std::string drawing() REQUIRES(mutex_);

  struct Sample {
    Time at;
    std::uint64_t requests;
  };

  const CountingStore& store_;
  const MonitorOptions options_;
  const Clock& clock_;
  const Time start_;
  Mutex ask_mutex_;  // never locked by what `ask_` calls
  std::function<void()> ask_ GUARDED_BY(ask_mutex_);
  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  RunProgress last_ GUARDED_BY(mutex_){};
  std::deque<Sample> samples_ GUARDED_BY(mutex_);      // of the last half minute
  std::vector<std::string> frame_ GUARDED_BY(mutex_);  // on the screen
  Time next_minute_ GUARDED_BY(mutex_);
  bool was_waiting_ GUARDED_BY(mutex_) = false;
  Thread thread_;  // last member: destroyed first
};

// The columns of the terminal on stderr; 80 if it is none.
std::size_t terminal_columns();

}  // namespace repopipe
