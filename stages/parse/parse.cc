#include "stages/parse/parse.h"

#include <algorithm>

#include "pipeline/base/text.h"
#include "stages/parse/json_value.h"

namespace repopipe {
namespace {

Page blank_page(const Task& task, PageState state) {
  return {.number = task.request.page, .state = state};
}

std::string outcome_of(const Verdict& verdict) {
  if (std::holds_alternative<Unchanged>(verdict.meaning)) return "unchanged";
  return std::holds_alternative<Redirect>(verdict.meaning) ? "moved" : "ok";
}

TaskResult judge(const FetchResult& fetched, const Protocol& protocol, Bytes max_body,
                 ParseScratch& scratch) {
  TaskResult task_result;
  if (!fetched.response) {
    task_result.result = fail(fetched.response.error());
    return task_result;
  }
  const Task& task = fetched.task->task();
  const Response& response = *fetched.response;
  const auto body =
      scratch.inflater.inflate(response.body, response.headers.find("content-encoding"), max_body);
  Verdict verdict = protocol.judge(task, response, body ? body->text : std::string_view{});
  task_result.rate_limits = verdict.rate_limits;
  task_result.log.outcome = outcome_of(verdict);
  task_result.result = std::visit(
      Match{[&](InBody) -> Result<Answer> {
              if (!body) return fail(body.error());
              return protocol.read(task, response, *body, *scratch.json);
            },
            [&](Unchanged& unchanged) -> Result<Answer> {
              PageRead kept{blank_page(task, PageState::not_modified),
                            std::move(unchanged.follow_ups)};
              kept.page.validator.next = std::move(unchanged.next);
              return kept;
            },
            [&](Redirect& moved) -> Result<Answer> { return std::move(moved); },
            [&](Failure& failure) -> Result<Answer> {
              const bool is_final = policy_of(failure.kind).outcome == Outcome::blocked;
              if (is_final && !body && policy_of(body.error().kind).rule == RetryRule::retry) {
                return fail(body.error());  // the rest may have said that it is transient
              }
              return fail(std::move(failure));
            }},
      verdict.meaning);
  return task_result;
}

void describe(const FetchResult& fetched, RequestLog& log) {
  log.page = fetched.task->task().request.page;
  log.attempt = fetched.task->task().attempt;
  log.timing = fetched.timing;
  if (!fetched.response) return;
  log.status = fetched.response->status;
  log.bytes = fetched.response->wire_bytes;
  log.http_version = fetched.response->http_version;
}

}  // namespace

ParseScratch::ParseScratch() : json(std::make_unique<JsonScratch>()) {}

ParseScratch::~ParseScratch() = default;

TaskResult parse_response(const FetchResult& fetched, const Protocol& protocol, Bytes max_body,
                          const Clock& clock, ParseScratch& scratch) {
  const Time begin = clock.now();
  TaskResult task_result = judge(fetched, protocol, max_body, scratch);
  describe(fetched, task_result.log);
  if (!task_result.result) {
    const Failure& failure = task_result.result.error();
    task_result.log.outcome = policy_of(failure.kind).name;
    task_result.log.error = failure.message;
    task_result.result = fail(failure.within(noun_of(fetched.task->task())));
  }
  const Timing& timing = fetched.timing;
  task_result.queued = std::max(
      (timing.started - fetched.task->task().sent) + (begin - (timing.started + timing.total)),
      Duration::zero());
  task_result.parse = clock.now() - begin;
  return task_result;
}

}  // namespace repopipe
