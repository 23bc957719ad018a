// What to do after a night.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/report/ends.h"
#include "pipeline/report/figures.h"
#include "pipeline/report/page/night_words.h"

namespace repopipe {
namespace {

std::string date_of_run(const std::string& iso8601) {
  const auto time = parse_iso8601(iso8601);
  if (!time) return iso8601;
  const std::string date = show_date(*time);
  return date.substr(0, date.rfind(' '));
}

std::optional<RunStatus> status_named(const std::string& name) {
  for (const RunStatus status :
       {RunStatus::running, RunStatus::complete, RunStatus::incomplete, RunStatus::interrupted,
        RunStatus::deadline, RunStatus::limited, RunStatus::failed}) {
    if (name_of(status) == name) return status;
  }
  return std::nullopt;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

void advise_on_end(const NightReport& report, std::vector<Advice>& all) {
  const RunRecord& night = report.night;
  if (night.status == "complete" || report.is_running) return;
  if (!night.exit_code) {
    all.push_back({.head = "Run it again.",
                   .before = "This run was killed; the next run continues where it stopped."});
    return;
  }
  RunEnd end;
  end.exit_code = static_cast<ExitCode>(*night.exit_code);
  end.status = status_named(night.status).value_or(RunStatus::failed);
  const std::string action = action_of(
      row_of(end), {.job_file = "JOB", .base_url = "see the job", .queue = "see the job"});
  all.push_back({.head = capitalised(action.empty() ? std::string("run it again") : action) + ".",
                 .before = night.error.empty() ? ""
                                               : fmt::format("It ended with {}: {}.",
                                                             *night.exit_code, night.error)});
}

struct WaitWords {
  std::string_view cause;
  std::string_view words;
  std::string_view remedy;
};

constexpr std::array kWaitWords{
    WaitWords{"quota", "the quota of the token",
              "A token of another account adds an hour's quota of its own."},
    WaitWords{"secondary", "secondary rate limits",
              "A lower fetch.concurrency or limits.requests_per_minute meets fewer of them."},
    WaitWords{"pace", "limits.requests_per_minute",
              "A token of another account has limits of its own; more requests a minute than "
              "GitHub allows lead to longer waits."},
    WaitWords{"response_time", "limits.response_seconds_per_minute",
              "A token of another account has limits of its own."},
    WaitWords{
        "network", "an outage of the API or the network",
        "Nothing can be done here if the API was down; else check the network and the proxy."},
    WaitWords{"queue", "the queue", "Check that Redis can be reached and that workers run."},
    WaitWords{"retry", "retries of failed requests",
              "See the failed requests below; fetch.backoff is the time before a retry."}};

const WaitWords* wait_words(std::string_view cause) {
  const auto found = std::ranges::find(kWaitWords, cause, &WaitWords::cause);
  return found == kWaitWords.end() ? nullptr : &*found;
}

void advise_on_waits(const NightReport& report, std::vector<Advice>& all) {
  for (const WaitedFor& wait : report.waits) {
    const double share = wait.ms / std::max(report.night.wall_ms, 1.0);
    const WaitWords* const words = wait_words(wait.cause);
    // The end of a run that an outage ended is already the first advice.
    const bool is_end = wait.cause == "network" && !report.night.is_finished();
    if (share <= 0.25 || words == nullptr || is_end) continue;
    all.push_back({.head = fmt::format("Shorten the waits: {:.0f} % of the night ({}) went to {}.",
                                       100 * share, show_brief(wait.ms), words->words),
                   .before = std::string(words->remedy)});
  }
}

std::string users_are(std::uint64_t count) {
  return count == 1 ? "1 login" : show(count) + " logins";
}

void advise_on_users(const NightReport& report, std::vector<Advice>& all) {
  if (report.renamed_count > 0) {
    Advice advice{
        .head = fmt::format(
            "Write {} into the job.",
            report.renamed_count == 1 ? "1 new login" : show(report.renamed_count) + " new logins"),
        .before =
            "These accounts have another login now, which costs a request more "
            "each night: "};
    for (const Renamed& user : report.renamed) {
      advice.names.push_back(user.before + " \u2192 " + user.after);
    }
    advice.more = report.renamed_count - report.renamed.size();
    all.push_back(std::move(advice));
  }
  if (report.not_found.count > 0) {
    all.push_back(
        {.head = fmt::format("Take {} out of the job.", users_are(report.not_found.count)),
         .before = fmt::format("No account has them since {}: ", date_of_run(report.gone_since)),
         .names = report.not_found.some,
         .more = report.not_found.count - report.not_found.some.size()});
  }
  if (report.failing.count > 0) {
    const bool is_one = report.failing.count == 1;
    all.push_back({.head = fmt::format("Look at {} that cannot be listed night after night.",
                                       is_one ? "1 user" : show(report.failing.count) + " users"),
                   .before = fmt::format("Since {}: ", date_of_run(report.failing_since)),
                   .names = report.failing.some,
                   .more = report.failing.count - report.failing.some.size(),
                   .after = "The causes are below."});
  }
}

void advise_on_tokens(const NightReport& report, WallTime now, std::vector<Advice>& all) {
  constexpr std::chrono::days kSoon{30}, kUrgent{7};
  for (const TokenExpiry& token : report.tokens) {
    const auto expires = parse_iso8601(token.expires_at);
    if (!expires || *expires - now > kSoon) continue;
    const bool is_over = *expires <= now;
    Advice advice{.head = "Renew a token.",
                  .before = is_over ? "It has expired: "
                                    : fmt::format("It expires on {}, in {}: ", show_date(*expires),
                                                  show_rounded(*expires - now)),
                  .names = {token.token}};
    const auto place = *expires - now < kUrgent ? all.begin() : all.end();
    all.insert(place, std::move(advice));
  }
}

}  // namespace

std::string_view words_of_wait(std::string_view cause) {
  const WaitWords* const words = wait_words(cause);
  return words == nullptr ? cause : words->words;
}

std::vector<Advice> advice_of(const NightReport& report, WallTime now) {
  std::vector<Advice> all;
  advise_on_end(report, all);
  advise_on_waits(report, all);
  advise_on_users(report, all);
  advise_on_tokens(report, now, all);
  return all;
}

}  // namespace repopipe
