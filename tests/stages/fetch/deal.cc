#include "tests/stages/fetch/deal.h"

#include "pipeline/base/text.h"
#include "stages/parse/json_value.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"
#include "tests/testing/gzip.h"

namespace repopipe::testing {
namespace {

class StillClock final : public Clock {
 public:
  Time now() const override { return Time{}; }
  WallTime wall() const override { return WallTime{}; }
};

Request page(int number, int last_announced, int per_page = 100) {
  return {.target = "/users/octocat/repos?per_page=" + std::to_string(per_page) +
                    "&page=" + std::to_string(number),
          .page = number,
          .last_announced = last_announced};
}

Request request_for(Asked asked) {
  Request request = page(1, 1);
  switch (asked) {
    case Asked::page:
    case Asked::enterprise:
      break;
    case Asked::middle_page:
      return page(2, 4);
    case Asked::full_page:
      return page(1, 1, 1);
    case Asked::known_page:
      request.etag = "\"a\"";
      request.next = "/user/7/repos?per_page=100&page=2";
      request.last_known = 3;
      break;
    case Asked::fifth_hop:
      request.redirects = 4;
      break;
    case Asked::sixth_hop:
      request.redirects = 5;
      break;
    case Asked::account:
      return {.kind = RequestKind::account, .target = "/user/7", .page = 0};
    case Asked::owner:
      return {.kind = RequestKind::owner, .target = "/user", .page = 0};
  }
  return request;
}

// Whom a failure concerns, by the columns of the table.
std::string_view concerned_by(const FailurePolicy& policy) {
  const bool is_of_token =
      policy.rule == RetryRule::disable || policy.rule == RetryRule::retry_token;
  if (is_of_token || policy.cooldown == CoolsDown::quota) return "principal";
  const bool is_everybodys =
      policy.rule == RetryRule::end_run || policy.cooldown == CoolsDown::all ||
      policy.cooldown == CoolsDown::queue || policy.exchanged == Exchanged::unanswered;
  return is_everybodys ? "everybody" : "request";
}

std::string seconds(Duration duration) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return std::to_string(whole.count()) + (whole == duration ? " s" : ".something s");
}

// What keeps records from being marked as gone.
std::string show_unmarked(const Page& page) {
  std::string text;
  for (const std::int64_t id : page.skipped_ids) text += ", not " + std::to_string(id);
  if (page.unnamed_skips > 0) text += ", " + std::to_string(page.unnamed_skips) + " unnamed";
  return page.partial.empty() ? text : text + ", partial";
}

std::string show(const PageRead& listed) {
  std::string text = listed.page.state == PageState::not_modified
                         ? "unchanged"
                         : "page of " + std::to_string(listed.page.rows.rows());
  text += show_unmarked(listed.page);
  if (!listed.follow_ups.empty()) text += ", then";
  for (const Request& request : listed.follow_ups) text += " " + std::to_string(request.page);
  return text;
}

std::string show(const Failure& failure) {
  const FailurePolicy& policy = policy_of(failure.kind);
  return std::string(policy.name) + " " + std::string(concerned_by(policy));
}

}  // namespace

Task task_for(Asked asked) {
  return {.login = asked == Asked::owner ? "" : "octocat", .request = request_for(asked)};
}

TaskResult deal(Asked asked, Response response) {
  static const RestProtocol github(kGithub, {"https://api.github.com", 100});
  static const RestProtocol enterprise(kGithub, {"https://ghe.example/api/v3", 100});
  static ParseScratch scratch;
  response.received_at = WallTime(std::chrono::seconds(kDeckTime));
  const RestProtocol& provider = asked == Asked::enterprise ? enterprise : github;
  return parse_response(
      {.task = std::make_shared<PendingTask>(task_for(asked)), .response = std::move(response)},
      provider, Bytes{1 << 20}, StillClock(), scratch);
}

Response response_of(const Card& card) {
  Response response{.status = card.status, .body = std::string(card.body)};
  std::string_view lines = card.headers;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t colon = line.find(':');
    response.headers.add(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  if (card.wire == Wire::plain) return response;
  response.headers.add("content-encoding", "gzip");
  response.body = gzip(card.body);
  if (card.wire == Wire::cut_gzip) response.body.resize(response.body.size() / 2);
  return response;
}

std::string outcome_of(const TaskResult& task_result) {
  std::string text =
      task_result.result
          ? std::visit(Match{[](const PageRead& listed) { return show(listed); },
                             [](const Redirect& moved) { return "moved to " + moved.target; },
                             [](const Account& account) {
                               return "account " + std::to_string(account.id) + " " + account.login;
                             }},
                       *task_result.result)
          : show(task_result.result.error());
  const RateLimitInfo& rate_limits = task_result.rate_limits;
  if (rate_limits.wait) text += ", wait " + seconds(*rate_limits.wait);
  if (rate_limits.quota) {
    text += "; quota " + std::to_string(rate_limits.quota->remaining) + " for " +
            seconds(rate_limits.quota->resets_in);
  }
  if (!rate_limits.note.empty()) text += "; noted";
  if (rate_limits.token_ends_in) text += "; token ends in " + seconds(*rate_limits.token_ends_in);
  return text;
}

}  // namespace repopipe::testing
