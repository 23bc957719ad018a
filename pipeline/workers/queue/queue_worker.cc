#include "pipeline/workers/queue/queue_worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <thread>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/work_settings.h"
#include "pipeline/workers/wire/codec.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

// Interval for checking which runs have begun or ended.
constexpr const char* kListenFor = "100";  // milliseconds
constexpr std::chrono::milliseconds kShortestPause = 100ms;
constexpr std::chrono::milliseconds kLongestPause = 10s;
constexpr auto kDrainLook = 20ms;

// Pause before the worker rejoins a run after an error; doubles.
constexpr Duration kFirstRest = 500ms;
constexpr Duration kLongestRest = 10s;

// Containers may have the same host name and process id.
std::string own_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  std::random_device random;
  return fmt::format("{}:{}:{:04x}", host.data(), getpid(), random() & 0xffff);
}

// RunInfo from Redis is checked like a job file: anyone who can write to Redis can announce a run.
bool is_possible(const RunInfo& run_info) {
  constexpr int kMost = 1000;
  const auto is_count = [](int count) { return count >= 1 && count <= kMost; };
  const WorkSettings& asked = run_info.settings;
  return is_count(asked.concurrency) && is_count(asked.parse_concurrency) &&
         is_count(asked.per_page) && asked.timeout > 0s && asked.timeout <= 24h &&
         run_info.lease >= 1s && run_info.lease <= 24h;
}

}  // namespace

QueueWorker::QueueWorker(WorkerSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock), name_(own_name()) {}

QueueWorker::~QueueWorker() = default;

Status QueueWorker::run() {
  settings_.remark(fmt::format("worker {} waits for runs on {}", name_, settings_.address.shown()));
  std::chrono::milliseconds pause = 0ms;
  std::string trouble;
  while (!is_told_to_stop_within(pause)) {
    const Status looked = look_for_runs();
    if (!looked && ends_run(looked.error())) return looked;
    if (!looked && looked.error().message != trouble) {
      settings_.warn(looked.error().message + "; trying again");
    }
    if (looked && !trouble.empty()) settings_.remark(settings_.address.shown() + " is back");
    trouble = looked ? "" : looked.error().message;
    pause = looked ? 0ms : std::clamp(2 * pause, kShortestPause, kLongestPause);
    if (!looked) redis_.reset();
    forget_ended();
    if (looked && !for_good_) wait_for_news();
    if (for_good_) return fail(*for_good_);
  }
  drain();
  return {};
}

void QueueWorker::stop() {
  {
    const Lock lock(mutex_);
    stops_ = true;
  }
  wake_.notify_all();
}

bool QueueWorker::is_told_to_stop_within(std::chrono::milliseconds time) {
  Lock lock(mutex_);
  return wake_.wait_for(lock, time, [this]() REQUIRES(mutex_) { return stops_; });
}

// Waits for the start of a run, for a short time; the end of a run, and an earlier start, are found
// by the next check.
void QueueWorker::wait_for_news() {
  const std::string news = QueueKeys::news(settings_.address.prefix);
  const auto heard = redis_->ask({"XREAD", "BLOCK", kListenFor, "STREAMS", news, "$"});
  if (!heard || !heard->value().is_error()) return;
  const Failure objection = redis_->objection(heard->value());
  if (ends_run(objection)) for_good_ = objection;
  is_told_to_stop_within(kShortestPause);
}

Status QueueWorker::look_for_runs() {
  if (!redis_) {
    auto redis = Redis::connect(settings_.address);
    if (!redis) return fail(redis.error());
    redis_.emplace(std::move(*redis));
  }
  const auto there = runs();
  if (!there) return fail(there.error());
  // The tasks of an old run are cancelled before a new run begins: it may be the same job.
  for (auto& [run, part] : parts_) {
    if (!there->contains(run)) part_with(part);
  }
  std::erase_if(parts_, [&](const auto& part) { return !there->contains(part.first); });
  for (const std::string& run : *there) {
    const auto part = parts_.find(run);
    const bool is_known = part != parts_.end();
    if (is_known && (part->second.session || part->second.is_refused)) continue;
    if (is_known && clock_.now() < part->second.next_try) continue;
    if (auto considered = consider(run); !considered) return considered;
  }
  return {};
}

Result<std::set<std::string>> QueueWorker::runs() {
  const auto reply = redis_->ask({"SMEMBERS", QueueKeys::runs(settings_.address.prefix)});
  if (!reply) return fail(reply.error());
  const RedisValue members = reply->value();
  if (members.is_error()) return fail(redis_->objection(members));
  std::set<std::string> runs;
  for (std::size_t i = 0; i < members.size(); ++i) runs.emplace(members[i].text());
  return runs;
}

Status QueueWorker::consider(const std::string& run) {
  const QueueKeys keys(settings_.address.prefix, run);
  const auto reply = redis_->ask({"HGETALL", keys.run});
  if (!reply) return fail(reply.error());
  const RedisValue members = reply->value();
  if (members.is_error()) return fail(redis_->objection(members));
  if (members.size() == 0) {  // the run was killed, and nobody removed its id
    const auto removed = redis_->ask({"SREM", QueueKeys::runs(settings_.address.prefix), run});
    return removed ? Status{} : fail(removed.error());
  }
  const std::string job = printable(members.member("job").text());
  const std::string version = printable(members.member("version").text());
  auto run_info = decode_run_info(members.member("run_info").text());
  if (const auto objection = objection_to(version, run_info)) {
    refuse(run, job, *objection);
  } else {
    parts_[run].job = job;
    take_part(run, std::move(*run_info));
  }
  return {};
}

std::optional<std::string> QueueWorker::objection_to(const std::string& version,
                                                     const Result<RunInfo>& run_info) const {
  if (version != settings_.version) {
    return fmt::format("the worker is version {}, and the run {}: install the same",
                       settings_.version, version);
  }
  if (!run_info || !is_possible(*run_info)) return "its run info cannot be read";
  const WorkSettings& asked = run_info->settings;
  if (find_provider(asked.provider) == nullptr) return "the worker has no such provider";
  if (asked.base_url != settings_.base_url) {
    return fmt::format("the run asks {}, and the worker may only ask {}: see --base-url",
                       printable(asked.base_url), settings_.base_url);
  }
  const auto is_missing = [this](const std::string& identity) {
    return identity != kAnonymous && !settings_.tokens.contains(identity);
  };
  const auto missing = std::ranges::count_if(run_info->principals, is_missing);
  if (missing == 0) return std::nullopt;
  return fmt::format("the worker lacks {} of the run's {} tokens: see --token", missing,
                     run_info->principals.size());
}

// Reports the refusal here and in Redis.  If Redis fails, the next check finds it.
void QueueWorker::refuse(const std::string& run, const std::string& job, const std::string& why) {
  parts_[run].is_refused = true;
  settings_.warn(fmt::format("was refused by {}: {}", job, why));
  const QueueKeys keys(settings_.address.prefix, run);
  const auto told = redis_->ask_all({{"HSET", keys.refused, name_, why},
                                     {"PEXPIRE", keys.refused, kTimeToLive},
                                     {"EXISTS", keys.run}});
  const bool is_over = told && told->back().value().number() == 0;
  if (is_over) static_cast<void>(redis_->ask({"DEL", keys.refused}));
}

void QueueWorker::take_part(const std::string& run, RunInfo run_info) {
  SessionOptions options{.address = settings_.address,
                         .run = run,
                         .name = fmt::format("{}-{}", name_, ++parts_taken_),
                         .lease = run_info.lease};
  PoolOptions pool;
  pool.program = settings_.program;
  pool.version = settings_.version;
  pool.processes = settings_.processes;
  pool.memory = run_info.memory;
  pool.keeps_encoded = true;
  pool.response_timeout = longest_silence(run_info.settings.timeout);
  pool.settings = std::move(run_info.settings);
  pool.settings.ca_file = settings_.ca_file;
  for (const std::string& identity : run_info.principals) {
    if (identity != kAnonymous) pool.tokens.push_back(settings_.tokens.at(identity));
  }
  for (const auto& password : {settings_.address.password, settings_.address.encoded_password}) {
    if (!password.empty()) pool.secrets.push_back(password);
  }
  for (const auto& [identity, token] : settings_.tokens) pool.secrets.push_back(token);
  pool.warn = settings_.warn;
  options.exchanges = static_cast<std::size_t>(pool.settings.concurrency);
  Part& part = parts_[run];
  if (part.trouble.empty()) settings_.remark(fmt::format("takes part in {}", part.job));
  part.session = std::make_unique<QueueSession>(std::move(options),
                                                settings_.open_pool(std::move(pool)), clock_);
}

void QueueWorker::forget_ended() {
  for (auto& [run, part] : parts_) {
    if (part.session && part.session->is_over()) part_with(part);
  }
}

// If the run still exists it is tried again, after increasing pauses while nothing succeeds.  A
// repeated cause is reported once.
void QueueWorker::part_with(Part& part) {
  if (!part.session) return;
  part.session->leave();
  const auto trouble = part.session->trouble();
  const std::uint64_t settled = part.session->settled();
  const std::string line = fmt::format("has left {}: {} requests answered", part.job, settled);
  if (!trouble) {
    settings_.remark(line);
  } else if (settled > 0 || trouble->message != part.trouble) {
    settings_.warn(fmt::format("{}; {}", line, trouble->message));
  }
  part.trouble = trouble && settled == 0 ? trouble->message : "";
  if (trouble && ends_run(*trouble)) for_good_ = *trouble;
  part.session.reset();
  part.pause = settled > 0 ? kFirstRest : std::clamp(2 * part.pause, kFirstRest, kLongestRest);
  part.next_try = clock_.now() + part.pause;
}

void QueueWorker::drain() {
  const auto works = [](const auto& part) { return part.second.session != nullptr; };
  for (auto& [run, part] : parts_) {
    if (part.session) part.session->drain();
  }
  while (std::ranges::any_of(parts_, works)) {
    std::this_thread::sleep_for(kDrainLook);
    forget_ended();
  }
}

}  // namespace repopipe
