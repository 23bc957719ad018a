#include "pipeline/alerts/ping.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace repopipe {
namespace {

// As in the documentation of Healthchecks.
constexpr std::size_t kMostBody = 100'000;

bool is_good(const Result<PostAnswer>& answer) {
  return answer && answer->status >= 200 && answer->status < 300;
}

std::string why_not(const Result<PostAnswer>& answer) {
  return answer ? fmt::format("HTTP {}", answer->status) : answer.error().message;
}

}  // namespace

std::string uuid_of(std::string_view digits) {
  if (digits.size() != 32) return std::string(digits);
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
}

std::string ping_url(std::string_view url, std::string_view step, std::string_view rid) {
  const std::size_t end_of_path = std::min(url.find_first_of("?#"), url.size());
  std::string_view path = url.substr(0, end_of_path), query = url.substr(end_of_path);
  while (path.ends_with('/')) path.remove_suffix(1);
  query = query.substr(0, query.find('#'));
  return fmt::format("{}/{}{}{}rid={}", path, step, query.empty() ? "?" : query,
                     query.empty() || query == "?" ? "" : "&", rid);
}

std::string_view ping_body(std::string_view body, std::size_t limit) {
  if (body.size() <= limit) return body;
  const auto continues = [&](std::size_t at) { return (body[at] & 0xC0) == 0x80; };
  while (limit > 0 && continues(limit)) --limit;
  return body.substr(0, limit);
}

Ping::Ping(PingOptions options, std::function<void(const std::string&)> warn)
    : options_(std::move(options)), warn_(std::move(warn)) {}

Ping::~Ping() {
  cancel_start();
}

void Ping::start(const std::string& rid) {
  if (options_.url.empty()) return;
  first_.emplace(options_.post);
  auto thread = Thread::start(
      "ping", [this, rid] { send(*first_, "start", rid, {}); },
      [this](const Failure& failure) { warn_("the first ping failed: " + failure.message); });
  if (thread) {
    thread_ = std::move(*thread);
  } else {
    warn_("the first ping failed: " + thread.error().message);
  }
}

void Ping::end(const std::string& rid, ExitCode exit_code, std::string_view text) {
  if (options_.url.empty()) return;
  cancel_start();
  std::size_t limit = kMostBody;
  {
    const Lock lock(mutex_);
    is_cancelled_ = false;
    limit = std::min(limit, limit_.value_or(limit));
  }
  Post last(options_.post);
  send(last, std::to_string(static_cast<int>(exit_code)), rid, ping_body(text, limit));
}

void Ping::send(Post& post, const std::string& step, const std::string& rid,
                std::string_view body) {
  const std::string url = ping_url(options_.url, step, rid);
  auto answer = post.send(url, body);
  for (const auto length : options_.pauses) {
    if (is_good(answer)) break;
    if (!pause(length)) return;  // cancelled
    answer = post.send(url, body);
  }
  if (answer && answer->body_limit) {
    const Lock lock(mutex_);
    limit_ = answer->body_limit;
  }
  if (is_good(answer) || (!answer && answer.error().kind == FailureKind::cancelled)) return;
  warn_(fmt::format("the ping ({}) failed: {}", step, why_not(answer)));
}

bool Ping::pause(std::chrono::milliseconds length) {
  Lock lock(mutex_);
  return !wake_.wait_for(lock, length, [this]() REQUIRES(mutex_) { return is_cancelled_; });
}

void Ping::cancel_start() {
  {
    const Lock lock(mutex_);
    is_cancelled_ = true;
  }
  if (first_) first_->cancel();
  wake_.notify_all();
  thread_.join();
}

}  // namespace repopipe
