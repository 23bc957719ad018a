#include "stages/parse/parse.h"

#include <algorithm>

#include "pipeline/base/match.h"
#include "stages/parse/json_scratch.h"

namespace repopipe {
namespace {

Page blank_page(const Task& task, PageState state) {
  return {.number = task.request.page, .state = state};
}

std::string outcome_of(const Verdict& verdict) {
  if (std::holds_alternative<Unchanged>(verdict.meaning)) return "unchanged";
  return std::holds_alternative<Moved>(verdict.meaning) ? "moved" : "ok";
}

Settlement judge(const Fetched& fetched, const Provider& provider, Bytes max_body,
                 ParseScratch& scratch) {
  Settlement settlement;
  if (!fetched.reply) {
    settlement.result = fail(fetched.reply.error());
    return settlement;
  }
  const Task& task = fetched.task;
  const Reply& reply = *fetched.reply;
  const auto body =
      scratch.inflater.inflate(reply.body, reply.headers.find("content-encoding"), max_body);
  Verdict verdict = provider.judge(task, reply, body ? body->text : std::string_view{});
  settlement.signals = verdict.signals;
  settlement.exchange.outcome = outcome_of(verdict);
  settlement.result = std::visit(
      Match{[&](InBody) -> Result<Answer> {
              if (!body) return fail(body.error());
              return provider.read(task, reply, *body, *scratch.json);
            },
            [&](Unchanged& unchanged) -> Result<Answer> {
              Listed kept{blank_page(task, PageState::kept), std::move(unchanged.follow_ups)};
              kept.page.validator.next = std::move(unchanged.next);
              return kept;
            },
            [&](Moved& moved) -> Result<Answer> { return std::move(moved); },
            [&](Failure& failure) -> Result<Answer> {
              const bool is_final = failure.kind == FailureKind::blocked;
              if (is_final && !body && policy_of(body.error().kind).fate == Fate::retry) {
                return fail(body.error());  // what is missing may have said that it passes
              }
              return fail(std::move(failure));
            }},
      verdict.meaning);
  return settlement;
}

void describe(const Fetched& fetched, Exchange& exchange) {
  exchange.page = fetched.task.request.page;
  exchange.attempt = fetched.task.attempt;
  exchange.timing = fetched.timing;
  if (!fetched.reply) return;
  exchange.status = fetched.reply->status;
  exchange.bytes = fetched.reply->wire_bytes;
  exchange.http_version = fetched.reply->http_version;
}

}  // namespace

ParseScratch::ParseScratch() : json(std::make_unique<JsonScratch>()) {}

ParseScratch::~ParseScratch() = default;

Settlement parse_reply(Fetched&& fetched, const Provider& provider, Bytes max_body,
                       const Clock& clock, ParseScratch& scratch) {
  const Time begin = clock.now();
  Settlement settlement = judge(fetched, provider, max_body, scratch);
  describe(fetched, settlement.exchange);
  if (!settlement.result) {
    const Failure& failure = settlement.result.error();
    settlement.exchange.outcome = policy_of(failure.kind).name;
    settlement.exchange.error = failure.message;
    settlement.result = fail(failure.within(noun_of(fetched.task)));
  }
  const Timing& timing = fetched.timing;
  settlement.queued =
      std::max((timing.started - fetched.task.sent) + (begin - (timing.started + timing.total)),
               Duration::zero());
  settlement.task = std::move(fetched.task);
  settlement.parse = clock.now() - begin;
  return settlement;
}

}  // namespace repopipe
