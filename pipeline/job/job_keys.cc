#include "pipeline/job/job_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "pipeline/model/provider.h"

namespace repopipe {
namespace {

constexpr std::array<std::string_view, 2> kEngines{"event_loop", "threads"};
constexpr std::array<std::string_view, 2> kLogFormats{"text", "json"};
constexpr std::array<std::string_view, 3> kOverlaps{"fail", "skip", "wait"};
constexpr std::array<std::string_view, 2> kAccesses{"private", "group"};

// Of static storage duration.
std::span<const std::string_view> provider_kinds() {
  static const std::vector<std::string_view> kinds = [] {
    std::vector<std::string_view> all;
    for (const Provider* provider : providers()) all.push_back(provider->kind);
    return all;
  }();
  return kinds;
}

int largest_page() {
  int largest = 0;
  for (const Provider* provider : providers()) {
    largest = std::max(largest, provider->resources.front()->routes.front().most);
  }
  return largest;
}

void choose_provider(Job& job, std::size_t index) {
  job.provider.kind = provider_kinds()[index];
}
void choose_engine(Job& job, std::size_t index) {
  constexpr std::array kinds{EngineKind::event_loop, EngineKind::threads};
  job.fetch.engine = kinds[index];
}
void choose_log_format(Job& job, std::size_t index) {
  constexpr std::array kinds{LogFormat::text, LogFormat::json};
  job.log.format = kinds[index];
}
void choose_overlap(Job& job, std::size_t index) {
  constexpr std::array kinds{OnOverlap::fail, OnOverlap::skip, OnOverlap::wait};
  job.run.on_overlap = kinds[index];
}

void choose_access(Job& job, std::size_t index) {
  constexpr std::array kinds{FileAccess::owner, FileAccess::group};
  job.store.access = kinds[index];
}

using Milliseconds = std::chrono::milliseconds;
using Path = std::filesystem::path;

const auto kKeys = std::to_array<JobKey>({
    {"name", TextForm{[](Job& job) -> std::string& { return job.name; }},
     "the file's name without its extension", "The name of the job in reports and logs.",
     "nightly-github"},

    {"source.usernames", UsernamesForm{}, "[]",
     "Users and organisations whose repositories to list, and lists such as `members:acme`.",
     "[octocat, torvalds]"},
    {"source.usernames_file", UsernamesFileForm{}, "null",
     "A file with more of them, one a line or as a JSON array; `-` is standard input.",
     "users.txt"},

    {"provider.kind", ChoiceForm{provider_kinds(), choose_provider}, providers().front()->kind,
     "The API to use.", providers().front()->kind},
    {"provider.base_url", UrlForm{[](Job& job) -> std::string& { return job.provider.base_url; }},
     providers().front()->default_url,
     "The address of the API; for GitHub Enterprise Server `https://HOST/api/v3`."},
    {"provider.tokens", TokensForm{}, "[]",
     "References to the access tokens, one for each account whose quota to use; none: requests are "
     "anonymous.",
     "[\"env:GITHUB_TOKEN\"]"},
    {"provider.ca_file",
     CertificatesForm{[](Job& job) -> std::optional<Path>& { return job.provider.ca_file; }},
     "null", "A PEM file with the certificate authorities to trust instead of the system's.",
     "/etc/ssl/company.pem"},
    {"provider.per_page",
     WholeForm{1, largest_page(), [](Job& job) -> int& { return job.provider.per_page; }}, "100",
     "Repositories per request."},
    {"provider.command_timeout",
     DurationForm{"100ms", "10m",
                  [](Job& job) -> Milliseconds& { return job.provider.command_timeout; }},
     "30s", "How long the command of a `cmd:COMMAND` token may take."},

    {"fetch.engine", ChoiceForm{kEngines, choose_engine}, "event_loop",
     "How requests run at the same time: all on one thread, or each on its own thread."},
    {"fetch.concurrency",
     WholeForm{1, 1000, [](Job& job) -> int& { return job.fetch.concurrency; }}, "8",
     "Requests in flight at the same time; 1: one after another."},
    {"fetch.timeout",
     DurationForm{"100ms", "1h", [](Job& job) -> Milliseconds& { return job.fetch.timeout; }},
     "30s", "The longest time of one request, from connecting to its last byte."},
    {"fetch.attempts", WholeForm{1, 20, [](Job& job) -> int& { return job.fetch.attempts; }}, "5",
     "How often a page is requested before its user fails; 1: no retry."},
    {"fetch.backoff",
     DurationForm{"0ms", "10m", [](Job& job) -> Milliseconds& { return job.fetch.backoff; }}, "1s",
     "The pause before retry n is a random time up to this doubled n - 1 times."},
    {"fetch.max_body",
     SizeForm{"1KiB", "4GiB", [](Job& job) -> Bytes& { return job.fetch.max_body; }}, "64MiB",
     "The largest response, decompressed; a larger one fails its user."},

    {"parse.concurrency",
     WholeForm{1, 256, [](Job& job) -> int& { return job.parse.concurrency; }, "auto"}, "auto",
     "Responses parsed at the same time; `auto` is one for each processor."},

    {"transforms", TransformsForm{}, "[]",
     "Changes to the records between parse and store, in order.",
     "[drop_forks, {keep_columns: {columns: [description, language]}}]"},

    {"store.database", PathForm{[](Job& job) -> Path& { return job.store.database; }}, "repos.db",
     "The SQLite file to write; created if it does not exist."},
    {"store.access", ChoiceForm{kAccesses, choose_access}, "private",
     "Who may read and write that file and its log: the owner (0600), or also the group (0660)."},
    {"store.keep_requests",
     DurationForm{"1d", "36500d", [](Job& job) -> Milliseconds& { return job.store.keep_requests; },
                  "forever"},
     "30d", "How long the log of requests, and of users whose list had not changed, is kept."},
    {"store.keep_users",
     DurationForm{"1d", "36500d", [](Job& job) -> Milliseconds& { return job.store.keep_users; },
                  "forever"},
     "400d", "How long the log of all other users is kept."},

    {"execution.processes",
     WholeForm{1, 64, [](Job& job) -> int& { return job.execution.processes; }}, "1",
     "Processes that fetch and parse; 1: the run's own."},
    {"execution.worker_memory",
     SizeForm{"64MiB", "1024GiB", [](Job& job) -> Bytes& { return job.execution.worker_memory; }},
     "2GiB", "Memory that one such process may use before it is replaced."},
    {"execution.queue", QueueForm{}, "null",
     "A Redis server whose workers fetch and parse, on any machine: `redis://HOST:PORT/DATABASE`, "
     "or `env:NAME` or `credential:NAME` of a variable or credential that holds such an address.",
     "redis://127.0.0.1:6379/0"},
    {"execution.lease",
     DurationForm{"1s", "10m", [](Job& job) -> Milliseconds& { return job.execution.lease; }},
     "15s",
     "A queue worker that has not responded for this long loses its tasks; they are reassigned."},

    {"limits.concurrent",
     WholeForm{0, 1000, [](Job& job) -> int& { return job.limits.concurrent; }}, "100",
     "Requests in flight that the API allows; 0: no such limit."},
    {"limits.requests_per_minute",
     WholeForm{0, 1'000'000, [](Job& job) -> int& { return job.limits.requests_per_minute; }},
     "900", "Requests that the API allows in a minute; 0: no such limit."},
    {"limits.response_seconds_per_minute",
     WholeForm{0, 100'000, [](Job& job) -> int& { return job.limits.response_seconds_per_minute; }},
     "90", "Seconds the API may spend on responses in a minute, summed up; 0: no such limit."},
    {"limits.reserve", WholeForm{0, 1'000'000, [](Job& job) -> int& { return job.limits.reserve; }},
     "0", "Requests of each token's hourly quota that are left for others."},

    {"run.deadline",
     DurationForm{"1s", "30d", [](Job& job) -> Milliseconds& { return job.run.deadline; }}, "8h",
     "The longest time of the run; the next run does the users that are then left."},
    {"run.max_wait",
     DurationForm{"0s", "7d", [](Job& job) -> Milliseconds& { return job.run.max_wait; }}, "65m",
     "The longest wait for a rate limit; if it would be longer, the run ends."},
    {"run.connect_wait",
     DurationForm{"0s", "1d", [](Job& job) -> Milliseconds& { return job.run.connect_wait; }}, "2m",
     "How long the run tries its first connection to the API before it ends."},
    {"run.resume_within",
     DurationForm{"0s", "30d", [](Job& job) -> Milliseconds& { return job.run.resume_within; }},
     "12h", "An unfinished run is resumed only if it began no longer ago than this."},
    {"run.fail_ratio", RatioForm{0, 1, [](Job& job) -> double& { return job.run.fail_ratio; }},
     "0.01", "The share of users that may fail before the run is incomplete."},
    {"run.max_vanished", RatioForm{0, 1, [](Job& job) -> double& { return job.run.max_vanished; }},
     "0.2", "The share of known users that may vanish in one run; if more do, the run fails."},
    {"run.on_overlap", ChoiceForm{kOverlaps, choose_overlap}, "fail",
     "What to do when another run holds the database."},

    {"ping.url", PingUrlForm{}, "null",
     "Where a monitor that understands Healthchecks' protocol is told of each run; a secret.",
     "env:PING_URL"},
    {"ping.timeout",
     DurationForm{"100ms", "1m", [](Job& job) -> Milliseconds& { return job.ping.timeout; }}, "10s",
     "The longest time of one try to send a ping; there are three."},

    {"metrics.textfile", PathForm{[](Job& job) -> Path& { return job.metrics.textfile; }, ".prom"},
     "null",
     "A file for the textfile collector of Prometheus' node exporter, replaced after each run.",
     "/var/lib/prometheus/node-exporter/nightly.prom"},

    {"log.file", PathForm{[](Job& job) -> Path& { return job.log.file; }}, "null",
     "A file to which the events of each run are appended.", "nightly.log"},
    {"log.format", ChoiceForm{kLogFormats, choose_log_format}, "text",
     "Lines of text, or one JSON object a line."},

    {"report.html", PathForm{[](Job& job) -> Path& { return job.report.html; }}, "null",
     "A file for a page about the run, written at its end.", "nightly.html"},
    {"report.nights", WholeForm{2, 366, [](Job& job) -> int& { return job.report.nights; }}, "30",
     "Nights in the charts of that page."},

    {"hooks.after", CommandForm{[](Job& job) -> std::string& { return job.hooks.after; }}, "null",
     "A command for the shell, run once after each run in the job file's folder.",
     "/etc/repopipe/after-run"},
    {"hooks.timeout",
     DurationForm{"100ms", "1d", [](Job& job) -> Milliseconds& { return job.hooks.timeout; }}, "5m",
     "The longest time of that command; then it is ended."},
});

}  // namespace

std::span<const JobKey> job_keys() {
  return kKeys;
}

const JobKey* find_key(std::string_view path) {
  const auto found = std::ranges::find(kKeys, path, &JobKey::path);
  return found == kKeys.end() ? nullptr : &*found;
}

bool is_section(std::string_view path) {
  return std::ranges::any_of(kKeys, [path](const JobKey& key) {
    return key.path.size() > path.size() && key.path.starts_with(path) &&
           key.path[path.size()] == '.';
  });
}

namespace {

struct Words {
  std::string operator()(const WholeForm& form) const {
    const std::string range =
        fmt::format("a whole number from {} to {}", form.minimum, form.maximum);
    if (form.word_for_zero.empty()) return range;
    return fmt::format("{} or {}", form.word_for_zero, range);
  }
  std::string operator()(const DurationForm& form) const {
    const std::string range = fmt::format("a duration from {} to {}", form.minimum, form.maximum);
    if (form.word_for_forever.empty()) return range;
    return fmt::format("{} or {}", form.word_for_forever, range);
  }
  std::string operator()(const SizeForm& form) const {
    return fmt::format("a size from {} to {}", form.minimum, form.maximum);
  }
  std::string operator()(const RatioForm& form) const {
    return fmt::format("a number from {} to {}", form.minimum, form.maximum);
  }
  std::string operator()(const ChoiceForm& form) const {
    const std::string first =
        fmt::format("{}", fmt::join(form.words.first(form.words.size() - 1), ", "));
    return first.empty() ? std::string(form.words.back())
                         : fmt::format("{} or {}", first, form.words.back());
  }
  std::string operator()(const TextForm&) const { return "text of 1 to 100 characters"; }
  std::string operator()(const CommandForm&) const { return "a command"; }
  std::string operator()(const PingUrlForm&) const {
    return "an http:// or https:// address, env:NAME or file:PATH";
  }
  std::string operator()(const UrlForm&) const { return "an http:// or https:// address"; }
  std::string operator()(const PathForm& form) const {
    return form.ending.empty() ? "a path" : fmt::format("a path that ends in {}", form.ending);
  }
  std::string operator()(const CertificatesForm&) const { return "a path"; }
  std::string operator()(const UsernamesForm&) const { return "a list of usernames"; }
  std::string operator()(const UsernamesFileForm&) const { return "a path or \"-\""; }
  std::string operator()(const TokensForm&) const {
    return "a list of env:NAME, file:PATH, cmd:COMMAND or credential:NAME";
  }
  std::string operator()(const TransformsForm&) const { return "a list of transforms"; }
  std::string operator()(const QueueForm&) const {
    return "redis://HOST:PORT/DATABASE, env:NAME or credential:NAME";
  }
};

}  // namespace

std::string expectation(const JobKey& key) {
  return std::visit(Words{}, key.form);
}

}  // namespace repopipe
