// What the report page shows of one run ("night") and the runs before it, as a plain value.  Filled
// by SQL in one read-only transaction; pipeline/report/ turns it into words and a page.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/query/run_records.h"

namespace repopipe {

// NameList of a group, of which the page shows some.
struct NameList {
  std::uint64_t count = 0;
  std::vector<std::string> some{};
};

struct Renamed {
  std::string before;
  std::string after;
};

struct ChangedRepo {
  std::string name;        // owner and name
  std::string now{};       // of a renamed repository
  std::int64_t stars = 0;  // or the gain
};

// A list of changes: some rows, and how many there are.
struct ChangedRepos {
  std::uint64_t count = 0;
  std::vector<ChangedRepo> some{};
};

struct WaitedFor {
  std::string cause;  // as in `run_waits.cause`
  double ms = 0;
  std::uint64_t times = 0;
};

struct TokenExpiry {
  std::string token;  // its name
  std::string expires_at;
};

// Requests with one outcome other than success.
struct FailedRequests {
  std::string outcome;
  std::int64_t status = 0;  // 0: several or none
  std::uint64_t count = 0;
  std::string error{};  // one of them
};

// Counts of requests by duration: up to each limit of kLatencyLimits, and above the last.
constexpr std::array<int, 8> kLatencyLimits{50, 100, 200, 500, 1000, 2000, 5000, 10000};  // ms
using Latencies = std::array<std::uint64_t, kLatencyLimits.size() + 1>;

struct SlowUser {
  std::string login;
  double span_ms = 0;                // first request to settled
  std::array<double, 4> parts_ms{};  // queued, fetch, parse, store: sums that may overlap
  std::uint64_t repos = 0;
  std::uint64_t requests = 0;
  std::uint64_t attempts = 0;
};

// Users that were not listed, for one cause.
struct NotListed {
  std::string outcome;
  std::string cause;  // without login and page
  NameList users{};
  std::string since{};  // the earliest start of a run since which one of `users.some` is not listed
};

struct NightReport {
  std::filesystem::path database;
  std::uint64_t repositories = 0;  // that are not gone
  RunRecord night;
  std::uint64_t settled = 0;            // users of it with an outcome
  std::optional<RunRecord> finished{};  // whose changes are shown: this run, or the last finished
  bool is_running = false;              // the night is not over
  bool is_first = false;                // no finished run before it
  // Finished runs before it, newest first, at most 28, without the first run of the job.
  std::vector<RunRecord> before{};
  std::vector<RunRecord> nights{};  // the last runs up to this one, oldest first
  Latencies latencies{};
  std::vector<Latencies> latencies_before{};  // of the runs in `before`
  std::vector<FailedRequests> failed_requests{};
  std::vector<WaitedFor> waits{};
  std::vector<TokenExpiry> tokens{};
  std::vector<SlowUser> slowest{};
  std::vector<NotListed> not_listed{};
  std::uint64_t more_not_listed = 0;  // users of causes that are not in `not_listed`
  std::uint64_t renamed_count = 0;
  std::vector<Renamed> renamed{};
  NameList not_found{};                       // for three nights
  NameList failing{};                         // failed or blocked for three nights
  std::string gone_since{}, failing_since{};  // start of the run since which one of them is
  std::uint64_t smaller_pages = 0;            // users that are read in smaller pages
  bool has_names = true;  // `repos` has names and stars; else the next four are empty
  ChangedRepos gained{}, added{}, gone{}, moved{};
};

struct NightChoice {
  std::string job{};                     // empty: that of the newest run
  std::optional<std::int64_t> run_id{};  // nothing: the newest run
  std::size_t nights = 30;
};

// Opens nothing for writing.  A failure is of kind `output` or `database`; if there is no such run,
// of kind `usage`.
Result<NightReport> night_report(const std::filesystem::path& path, const NightChoice& choice);

}  // namespace repopipe
