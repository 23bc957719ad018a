#include "tests/fuzz/job_checks.h"

#include <algorithm>
#include <array>
#include <map>

#include "pipeline/base/text.h"
#include "pipeline/job/load.h"
#include "pipeline/source/subject_source.h"
#include "pipeline/source/usernames.h"
#include "tests/fuzz/made_up_files.h"
#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kFolder = "/made-up/";

std::optional<std::string> variable(const std::string& name) {
  static const std::map<std::string, std::string> kSet{
      {"GOOD_TOKEN", "abc"}, {"EMPTY_TOKEN", ""}, {"TMPDIR", "/made-up"}};
  const auto found = kSet.find(name);
  if (found == kSet.end()) return std::nullopt;
  return found->second;
}

template <class T>
void require_between(const T& value, const T& minimum, const T& maximum, const char* key) {
  require(value >= minimum && value <= maximum, "a value lies in its documented range", key);
}

// The ranges of docs/job-file.md, written down once more on purpose.
void check_numbers(const Job& job) {
  require_between(job.provider.per_page, 1, 100, "provider.per_page");
  require_between(job.fetch.concurrency, 1, 1000, "fetch.concurrency");
  require_between<std::chrono::milliseconds>(job.fetch.timeout, 100ms, 1h, "fetch.timeout");
  require_between(job.fetch.attempts, 1, 20, "fetch.attempts");
  require_between<std::chrono::milliseconds>(job.fetch.backoff, 0ms, 10min, "fetch.backoff");
  require_between(job.fetch.max_body, Bytes{1 << 10}, Bytes{4ULL << 30}, "fetch.max_body");
  require_between(job.parse.concurrency, 0, 256, "parse.concurrency");
  require_between(job.limits.concurrent, 0, 1000, "limits.concurrent");
  require_between(job.limits.requests_per_minute, 0, 1'000'000, "limits.requests_per_minute");
  require_between(job.limits.response_seconds_per_minute, 0, 100'000,
                  "limits.response_seconds_per_minute");
  require_between(job.limits.reserve, 0, 1'000'000, "limits.reserve");
  require_between<std::chrono::milliseconds>(job.run.deadline, 1s, 30 * 24h, "run.deadline");
  require_between<std::chrono::milliseconds>(job.run.max_wait, 0s, 7 * 24h, "run.max_wait");
  require_between<std::chrono::milliseconds>(job.run.connect_wait, 0s, 24h, "run.connect_wait");
  require_between<std::chrono::milliseconds>(job.run.resume_within, 0s, 30 * 24h,
                                             "run.resume_within");
  require_between<std::chrono::milliseconds>(job.provider.command_timeout, 100ms, 10min,
                                             "provider.command_timeout");
  require_between(job.run.fail_ratio, 0.0, 1.0, "run.fail_ratio");
  require_between(job.run.max_vanished, 0.0, 1.0, "run.max_vanished");
}

void check_texts(const Job& job) {
  require_line(job.name);
  require(count_characters(job.name) <= 100, "a job's name is short", job.name);
  const std::string url = fold_case(job.provider.base_url);
  require(url.starts_with("http://") || url.starts_with("https://"), "base_url is HTTP", url);
  require(!url.ends_with('/'), "base_url does not end with a slash", url);
  require(url.find_first_of("?#\r\n\t ") == url.npos, "base_url is scheme, host and path", url);
  require(job.store.database.is_absolute(), "store.database is absolute");
  for (const std::string_view token : job.provider.tokens) {
    const auto is_kind = [token](std::string_view kind) {
      return token.starts_with(kind) && token.size() > kind.size();
    };
    require(is_kind("env:") || is_kind("file:") || is_kind("cmd:"), "a token is a reference");
  }
}

}  // namespace

void load_and_check(const std::string& name, std::string_view text) {
  const std::string path = std::string(kFolder) + name;
  put_file(path, text);
  put_file("/made-up/users.txt", "octocat\ntorvalds # a comment\n");
  put_file("/made-up/users.json", R"(["octocat", "torvalds"])");
  put_file("/made-up/token", "abc\n");
  put_file("/made-up/empty", "");
  const Descriptor standard_input = opened("octocat\n");
  const LoadedJob loaded = load_job(path, {}, {variable, standard_input.number()});
  check_diagnostics(loaded.diagnostics, text);
  if (!loaded.diagnostics.empty()) return;
  check_numbers(loaded.job);
  check_texts(loaded.job);
  require(loaded.users.count > 0, "a job without diagnostics has users");
  check_users_readable(loaded.users);
}

void check_diagnostics(std::span<const Diagnostic> diagnostics, std::string_view text) {
  const auto lines = std::ranges::count(text, '\n') + std::ranges::count(text, '\r') + 1;
  for (const Diagnostic& diagnostic : diagnostics) {
    require_line(diagnostic.message);
    require_line(diagnostic.file);
    // Where a quote is cut short, 40 hex digits may be left of more, which are no token.
    const bool cut_short = diagnostic.message.find("...") != diagnostic.message.npos;
    require(cut_short || !holds_token(diagnostic.message), "a message shows no token",
            diagnostic.message);
    const bool nowhere = diagnostic.line == 0 && diagnostic.column == 0;
    require(nowhere || (diagnostic.line >= 1 && diagnostic.column >= 1), "a place counts from 1",
            diagnostic.show());
    require(diagnostic.line <= lines + 1, "a place lies in the text", diagnostic.show());
    require(diagnostic.column <= static_cast<int>(text.size()) + 1, "a place lies in the text",
            diagnostic.show());
  }
}

void check_users_readable(const UserList& users) {
  UsernameReader reader(users);
  std::uint64_t count = 0;
  while (true) {
    const auto block = reader.next_block();
    require(block.has_value(), "a checked list can be read",
            block ? std::string_view() : block.error().message);
    if (block->empty()) break;
    count += block->size();
    for (const Subject& key : *block)
      require(is_login(key.login, users.provider->username), "a user is a username", key.login);
  }
  require(count == users.count, "a checked list has as many users as it said");
}

}  // namespace repopipe::fuzz
