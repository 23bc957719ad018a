// Messages and the progress line of a run, on stderr.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/mutex.h"
#include "pipeline/base/thread.h"
#include "pipeline/base/units.h"
#include "pipeline/model/interfaces.h"
#include "pipeline/model/run.h"

namespace repopipe {
enum class Verbosity { all, warnings };

// One line: "repopipe: waiting: ...; continues at 2026-11-22T03:41:07Z, in 38 min"; empty: nothing
// to print.
std::string words_of(const Notice& say, std::optional<WallTime> goes_on, WallTime now,
                     Verbosity verbosity);

// The progress line on a terminal, rewritten each second.

// Counts of an earlier part of the run.
struct Counts {
  std::uint64_t users = 0;
  std::uint64_t repositories = 0;
  std::uint64_t failures = 0;
};

// A store that counts what it passes to another store.
class CountingStore final : public Store {
 public:
  // `failed` is called for each user that failed, with its error, when that is stored.
  using Failed = std::function<void(const std::string& login, const std::string& error)>;

  explicit CountingStore(Store& inner, Counts before = {}, Failed failed = {})
      : inner_(inner),
        failed_(std::move(failed)),
        users_(before.users),
        repositories_(before.repositories),
        failures_(before.failures) {}

  Result<Stored> add(const Listing& listing) override;
  Status commit() override;
  void abandon() noexcept override;

  // Threading: any.
  std::uint64_t users() const { return users_; }
  std::uint64_t repositories() const { return repositories_; }
  std::uint64_t failures() const { return failures_; }
  // Users that lists have brought, less the lists, which are entries of the job.
  std::int64_t brought() const { return brought_; }

 private:
  // A user in the open transaction, not counted yet.
  struct Uncounted {
    Stored stored;
    std::string error;
  };

  Store& inner_;
  const Failed failed_;
  std::vector<Uncounted> group_;
  std::atomic<std::uint64_t> users_;
  std::atomic<std::uint64_t> repositories_;
  std::atomic<std::uint64_t> failures_;
  std::atomic<std::int64_t> brought_ = 0;
};

// Writes to stderr on a thread of its own; the destructor clears the line.  If the thread cannot be
// started, there is no line.
class ProgressLine {
 public:
  // `total`: entries of the job, duplicates included.
  ProgressLine(const CountingStore& store, std::uint64_t total, const Clock& clock);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Shows why the run waits, until then or until another user is finished.  Threading: any.
  void show_wait(std::string why, WallTime until);

 private:
  struct Wait {
    std::string why;
    WallTime until;
    std::optional<std::uint64_t> users{};  // finished users when the wait was first shown
  };

  void show_on();
  std::string text() REQUIRES(mutex_);

  const CountingStore& store_;
  const std::uint64_t total_;
  const Clock& clock_;
  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::optional<Wait> wait_ GUARDED_BY(mutex_);
  Thread thread_;  // last member: destroyed first
};

}  // namespace repopipe
