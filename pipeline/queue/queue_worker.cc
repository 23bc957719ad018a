#include "pipeline/queue/queue_worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/core/text.h"
#include "pipeline/principal.h"
#include "pipeline/wire/codec.h"
#include "stages/provider.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 100ms;
constexpr std::chrono::milliseconds kLongestPause = 10s;

std::string own_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return fmt::format("{}:{}", host.data(), getpid());
}

}  // namespace

QueueWorker::QueueWorker(WorkerSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock), name_(own_name()) {}

QueueWorker::~QueueWorker() = default;

Status QueueWorker::run() {
  settings_.remark(fmt::format("worker {} waits for runs on {}", name_, settings_.address.shown()));
  std::chrono::milliseconds pause = kLookEvery;
  std::string trouble;
  while (!is_told_to_stop_within(pause)) {
    const Status looked = look_for_runs();
    if (!looked && looked.error().kind == FailureKind::job) return looked;
    if (!looked && looked.error().message != trouble) {
      settings_.warn(looked.error().message + "; trying again");
    }
    if (looked && !trouble.empty()) settings_.remark(settings_.address.shown() + " is back");
    trouble = looked ? "" : looked.error().message;
    pause = looked ? kLookEvery : std::min(2 * pause, kLongestPause);
    if (!looked) redis_.reset();
    forget_ended();
  }
  drain();
  return {};
}

void QueueWorker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  wake_.notify_all();
}

bool QueueWorker::is_told_to_stop_within(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, time, [this] { return stops_; });
}

Status QueueWorker::look_for_runs() {
  if (!redis_) {
    auto redis = Redis::connect(settings_.address);
    if (!redis) return fail(redis.error());
    redis_.emplace(std::move(*redis));
  }
  const auto runs = redis_->ask({"SMEMBERS", QueueKeys::runs(settings_.address.prefix)});
  if (!runs) return fail(runs.error());
  if (runs->value().is_error()) {
    return fail(FailureKind::queue,
                fmt::format("{}: {}", settings_.address.shown(), printable(runs->value().text())));
  }
  for (std::size_t i = 0; i < runs->value().size(); ++i) {
    const std::string run(runs->value()[i].text());
    if (sessions_.contains(run) || refused_.contains(run)) continue;
    if (auto considered = consider(run); !considered) return considered;
  }
  return {};
}

Status QueueWorker::consider(const std::string& run) {
  const QueueKeys keys(settings_.address.prefix, run);
  const auto reply = redis_->ask({"HGETALL", keys.run});
  if (!reply) return fail(reply.error());
  const RedisValue members = reply->value();
  if (members.size() == 0) {  // it was killed, and nobody has tidied up
    const auto removed = redis_->ask({"SREM", QueueKeys::runs(settings_.address.prefix), run});
    return removed ? Status{} : fail(removed.error());
  }
  const std::string job = printable(members.member("job").text());
  const std::string version = printable(members.member("version").text());
  auto announcement = decode_announcement(members.member("announcement").text());
  if (const auto objection = objection_to(version, announcement)) {
    refuse(run, job, *objection);
  } else {
    jobs_[run] = job;
    take_part(run, std::move(*announcement));
  }
  return {};
}

std::optional<std::string> QueueWorker::objection_to(
    const std::string& version, const Result<Announcement>& announcement) const {
  if (version != settings_.version) {
    return fmt::format("the worker is version {}, and the run {}: install the same",
                       settings_.version, version);
  }
  if (!announcement) return "its announcement cannot be read";
  const WorkSettings& asked = announcement->settings;
  if (find_provider(asked.provider) == nullptr) return "the worker has no such provider";
  if (asked.base_url != settings_.base_url) {
    return fmt::format("the run asks {}, and the worker may only ask {}: see --base-url",
                       printable(asked.base_url), settings_.base_url);
  }
  const auto is_missing = [this](const std::string& identity) {
    return identity != kAnonymous && !settings_.tokens.contains(identity);
  };
  const auto missing = std::ranges::count_if(announcement->principals, is_missing);
  if (missing == 0) return std::nullopt;
  return fmt::format("the worker lacks {} of the run's {} tokens: see --token", missing,
                     announcement->principals.size());
}

// Said here and there.  That Redis cannot be told is found out by the next look.
void QueueWorker::refuse(const std::string& run, const std::string& job, const std::string& why) {
  refused_[run] = why;
  settings_.warn(fmt::format("takes no part in {}: {}", job, why));
  const QueueKeys keys(settings_.address.prefix, run);
  static_cast<void>(
      redis_->ask_all({{"HSET", keys.refused, name_, why}, {"PEXPIRE", keys.refused, "60000"}}));
}

void QueueWorker::take_part(const std::string& run, Announcement announcement) {
  const ProviderEntry* provider = find_provider(announcement.settings.provider);
  SessionOptions options{.address = settings_.address,
                         .run = run,
                         .name = fmt::format("{}-{}", name_, ++parts_),
                         .lease = announcement.lease};
  PoolOptions& pool = options.pool;
  pool.program = settings_.program;
  pool.version = settings_.version;
  pool.processes = settings_.processes;
  pool.memory = announcement.memory;
  pool.patience = 2 * announcement.settings.timeout + 10s;
  pool.settings = std::move(announcement.settings);
  pool.settings.ca_file = settings_.ca_file;
  for (const std::string& identity : announcement.principals) {
    if (identity != kAnonymous) pool.tokens.push_back(settings_.tokens.at(identity));
  }
  pool.warn = settings_.warn;
  settings_.remark(fmt::format("takes part in {}", jobs_[run]));
  sessions_.emplace(run,
                    std::make_unique<QueueSession>(std::move(options), provider->fields(), clock_));
}

void QueueWorker::forget_ended() {
  for (auto session = sessions_.begin(); session != sessions_.end();) {
    if (!session->second->is_over()) {
      ++session;
      continue;
    }
    part_with(session->first, *session->second);
    session = sessions_.erase(session);
  }
}

void QueueWorker::part_with(const std::string& run, QueueSession& session) {
  const std::string trouble = session.trouble();
  const std::string line =
      fmt::format("has left {}: {} requests answered", jobs_[run], session.settled());
  if (trouble.empty()) {
    settings_.remark(line);
  } else {
    settings_.warn(fmt::format("{}; {}", line, trouble));
  }
  jobs_.erase(run);
}

void QueueWorker::drain() {
  for (auto& [run, session] : sessions_) session->drain();
  while (!sessions_.empty()) {
    forget_ended();
    std::unique_lock lock(mutex_);
    if (!sessions_.empty()) wake_.wait_for(lock, 20ms);
  }
}

}  // namespace repopipe
