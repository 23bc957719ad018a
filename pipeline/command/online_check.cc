#include "pipeline/command/online_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>

#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/command/credentials.h"
#include "pipeline/command/settings.h"
#include "pipeline/model/run.h"
#include "pipeline/workers/executors.h"
#include "pipeline/workers/local/local_executor.h"
#include "stages/parse/inflate.h"
#include "stages/parse/json_account.h"
#include "stages/parse/refusals.h"

namespace repopipe {
namespace {

void make_incomplete(RunEnd& end, const std::string& why) {
  end.status = RunStatus::incomplete;
  end.exit_code = ExitCode::incomplete;
  end.error = end.error.empty() ? why : end.error + "; " + why;
}

std::string why_nobody(const Job& job, const RunTotals& totals, const Judged& judged) {
  if (totals.not_found == totals.users()) {
    return fmt::format(
        "none of {} {} was found: is provider.base_url ({}) the API, and is the list of usernames "
        "right?",
        show(totals.users()), totals.users() == 1 ? "user" : "users", job.provider.base_url);
  }
  return fmt::format("none of {} {} was listed: {}", show(totals.users()),
                     totals.users() == 1 ? "user" : "users",
                     judged.first_error.empty() ? "see the view failures" : judged.first_error);
}

// About users that an earlier run listed and that are refused now.
std::string why_refused(const RunTotals& totals, const Judged& judged) {
  const std::uint64_t failed = totals.failed + totals.blocked_new;
  return fmt::format(
      "{} of {} users failed, more than run.fail_ratio allows; {} of them were listed before and "
      "are refused now: {}",
      show(failed), show(totals.users()), show(totals.blocked_new), judged.first_error);
}

void judge_users(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end) {
  const std::uint64_t listed = totals.ok + totals.unchanged + totals.renamed;
  const auto failed = static_cast<double>(totals.failed + totals.blocked_new);
  if (totals.users() == 0 && totals.lists_not_found > 0) {
    make_incomplete(end, "no user is known: " + judged.first_error);
  } else if (listed == 0 && totals.users() > 0) {
    end.error.clear();
    make_incomplete(end, why_nobody(job, totals, judged));
  } else if (totals.blocked_new > 0 &&
             failed > job.run.fail_ratio * static_cast<double>(totals.users())) {
    end.error.clear();
    make_incomplete(end, why_refused(totals, judged));
  }
}

Gone judge_missing(const Vanishing& vanishing, const Job& job, RunEnd& end) {
  const auto mistake = too_many_vanished(vanishing, job.run.max_vanished);
  if (!mistake) return Gone::mark;
  make_incomplete(end, *mistake);
  return Gone::leave;
}

}  // namespace

Marks judge(const Job& job, const RunTotals& totals, const Judged& judged, RunEnd& end) {
  if (end.status != RunStatus::complete && end.status != RunStatus::incomplete) {
    return {Gone::leave, Gone::leave};
  }
  judge_users(job, totals, judged, end);
  const Marks marks{
      judge_missing({"users", totals.known, totals.vanished}, job, end),
      judge_missing({"repositories", totals.known_repos, totals.missing_repos}, job, end)};
  if (marks.accounts == Gone::leave || marks.records == Gone::leave) {
    end.error += fmt::format(
        ". Do provider.base_url and the tokens still see them? If they are gone: repopipe run {} "
        "--set run.max_vanished=1",
        judged.job_file);
  }
  return marks;
}

namespace {

// The responses are small.
constexpr Bytes kMostBody{1UL << 20};

struct OnlineAnswer {
  Response response;   // its body is moved to `text`
  std::string text{};  // inflated; empty: it cannot be inflated
};

class Questions {
 public:
  explicit Questions(Workshop& workshop) : workshop_(workshop) {}

  // Blocks.  https://docs.github.com/en/rest/users/users, /en/rest/rate-limit
  Result<OnlineAnswer> ask(std::size_t principal, const std::string& target) {
    std::promise<Fetched> promise;
    Task task{.id = ++last_,
              .request = {.kind = RequestKind::owner, .target = target, .page = 0},
              .principal = static_cast<std::uint32_t>(principal)};
    workshop_.engine->submit(
        std::make_shared<PendingTask>(std::move(task)),
        [&promise](Fetched fetched) { promise.set_value(std::move(fetched)); });
    Fetched fetched = promise.get_future().get();
    if (!fetched.response) return fail(fetched.response.error());
    OnlineAnswer answer{std::move(*fetched.response)};
    const auto encoding = answer.response.headers.find("content-encoding");
    const auto text = inflater_.inflate(answer.response.body, encoding, kMostBody);
    if (text) answer.text = text->text;
    return answer;
  }

 private:
  Workshop& workshop_;
  Inflater inflater_;
  std::uint64_t last_ = 0;
};

std::string scopes_of(const OnlineAnswer& answer, std::string_view header) {
  const auto scopes = header.empty() ? std::nullopt : answer.response.headers.combined(header);
  if (!scopes) return {};
  return scopes->empty() ? "(none)" : printable(*scopes);
}

void take(const OnlineAnswer& answer, const Provider& provider, TokenStanding& standing) {
  const Response& response = answer.response;
  const RateLimitInfo limits = provider.rate_limits(response);
  standing.owner = text_member(answer.text, provider.json.account_login).value_or("");
  if (limits.quota) standing.limit = std::to_string(limits.quota->limit);
  if (limits.quota) standing.remaining = std::to_string(limits.quota->remaining);
  if (limits.token_ends_in) {
    const auto end = server_time(response) + *limits.token_ends_in;
    standing.expires = to_iso8601(std::chrono::time_point_cast<WallTime::duration>(end));
  }
  standing.scopes = scopes_of(answer, provider.token_scopes);
}

bool is_of_token(FailureKind kind) {
  const RetryRule rule = policy_of(kind).rule;
  return rule == RetryRule::disable || rule == RetryRule::retry_token;
}

// Sends one request for `principal`; fails only if the API cannot be reached.
Status inquire(Questions& questions, std::size_t principal, std::string_view target,
               const Provider& provider, TokenStanding& standing) {
  const auto answer = questions.ask(principal, std::string(target));
  if (!answer) return fail(answer.error());
  take(*answer, provider, standing);
  const int status = answer->response.status;
  if (status >= 500) return fail(FailureKind::unreachable, fmt::format("HTTP {}", status));
  if (status < 400) return {};
  const Failure failure =
      provider.error(answer->response, error_body(answer->text, provider.json)).failure;
  if (is_of_token(failure.kind)) standing.trouble = "the API refuses it: " + failure.message;
  return {};
}

std::vector<std::array<std::string, 6>> rows_of(const std::vector<TokenStanding>& standings) {
  std::vector<std::array<std::string, 6>> rows{
      {"token", "owner", "limit", "remaining", "expires", "scopes"}};
  for (const TokenStanding& each : standings) {
    rows.push_back({each.name, each.owner, each.limit, each.remaining, each.expires, each.scopes});
    for (std::string& cell : rows.back()) {
      if (cell.empty()) cell = "-";
    }
  }
  return rows;
}

std::string why_unreachable(const LoadedJob& loaded, const Failure& failure) {
  return loaded
      .at("provider.base_url", fmt::format("provider.base_url: {} cannot be reached: {}",
                                           loaded.job.provider.base_url, failure.message))
      .show();
}

// `standings` has one element per principal, with its name.
ExitCode inquire_all(const LoadedJob& loaded, Questions& questions,
                     std::vector<TokenStanding>& standings) {
  const Provider& provider = *find_provider(loaded.job.provider.kind);
  const std::string_view target =
      loaded.job.provider.tokens.empty() ? provider.probe : provider.token_owner;
  ExitCode code = ExitCode::complete;
  for (std::size_t i = 0; i < standings.size(); ++i) {
    const Status reached = inquire(questions, i, target, provider, standings[i]);
    if (!reached) {
      say(why_unreachable(loaded, reached.error()) + "\n");
      return ExitCode::unreachable;
    }
    if (standings[i].trouble.empty()) continue;
    const std::string key = fmt::format("provider.tokens[{}]", i);
    say(loaded.at(key, fmt::format("{}: {}; create a new token", key, standings[i].trouble))
            .show() +
        "\n");
    code = ExitCode::no_token;
  }
  return code;
}

ExitCode refuse_check(const Failure& failure) {
  say(fmt::format("repopipe: {}\n", failure.message));
  return policy_of(failure.kind).exit_code;
}

}  // namespace

std::string to_table(const std::vector<TokenStanding>& standings) {
  const auto rows = rows_of(standings);
  std::array<std::size_t, 6> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    table += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return table;
}

ExitCode check_online(const LoadedJob& loaded, const ProcessContext& around) {
  Job job = loaded.job;
  const auto trusted = authorities(job.provider.ca_file, job.provider.base_url, around.environment);
  if (!trusted) return refuse_check(trusted.error());
  job.provider.ca_file = *trusted;
  auto tokens = resolve_tokens(job.provider.tokens, around.environment,
                               {.within = job.provider.command_timeout});
  if (!tokens) return refuse_check(tokens.error());
  std::vector<TokenStanding> standings;
  for (const Principal& each : principals_of(job.provider.tokens, *tokens)) {
    const bool is_token = each.name.starts_with("token ");
    standings.emplace_back().name = is_token ? each.name.substr(6) : "(none)";
  }
  auto workshop = Workshop::open(work_settings(job), std::move(*tokens), version(), around.clock);
  if (!workshop) return refuse_check(workshop.error());
  Questions questions(*workshop);
  const ExitCode code = inquire_all(loaded, questions, standings);
  return code == ExitCode::unreachable ? code : deliver(to_table(standings), code);
}

}  // namespace repopipe
