// Requests the state of each token of a job, for `repopipe check --online`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>
#include <string>
#include <vector>

#include "pipeline/base/system.h"
#include "pipeline/base/text.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/command/credentials.h"
#include "pipeline/workers/executors.h"
#include "pipeline/workers/local/local_executor.h"
#include "stages/parse/inflate.h"
#include "stages/parse/json_account.h"
#include "stages/parse/refusals.h"

namespace repopipe {
namespace {

// The state of one token, or of anonymous requests.  Text is empty if the API does not send it.
struct TokenStanding {
  std::string name;  // with at most the last four characters of the token
  std::string owner;
  std::string limit, remaining;  // of the hourly quota
  std::string expires;
  std::string scopes;
  std::string trouble;  // why the token cannot be used; empty: it can
};

// The responses are small.
constexpr Bytes kMostBody{1UL << 20};

struct OnlineAnswer {
  Response response;   // its body is moved to `text`
  std::string text{};  // inflated; empty: it cannot be inflated
};

class Questions {
 public:
  explicit Questions(LocalParts& parts) : parts_(parts) {}

  // Blocks.  https://docs.github.com/en/rest/users/users, /en/rest/rate-limit
  Result<OnlineAnswer> ask(std::size_t principal, const std::string& target) {
    std::promise<FetchResult> promise;
    Task task{.id = ++last_,
              .request = {.kind = RequestKind::owner, .target = target, .page = 0},
              .principal = static_cast<std::uint32_t>(principal)};
    parts_.engine->submit(
        std::make_shared<PendingTask>(std::move(task)),
        [&promise](FetchResult fetched) { promise.set_value(std::move(fetched)); });
    FetchResult fetched = promise.get_future().get();
    if (!fetched.response) return fail(fetched.response.error());
    OnlineAnswer answer{std::move(*fetched.response)};
    const auto encoding = answer.response.headers.find("content-encoding");
    const auto text = inflater_.inflate(answer.response.body, encoding, kMostBody);
    if (text) answer.text = text->text;
    return answer;
  }

 private:
  LocalParts& parts_;
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

// The lines of a table, without `trouble`.
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

}  // namespace

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
  auto parts = LocalParts::open(work_settings(job), std::move(*tokens), version(), around.clock);
  if (!parts) return refuse_check(parts.error());
  Questions questions(*parts);
  const ExitCode code = inquire_all(loaded, questions, standings);
  return code == ExitCode::unreachable ? code : deliver(to_table(standings), code);
}

}  // namespace repopipe
