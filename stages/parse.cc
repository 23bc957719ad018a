#include "stages/parse.h"

#include <fmt/format.h>

#include <algorithm>

#include "stages/json_scratch.h"

namespace repopipe {
namespace {

Result<Accepted> accept(const Ticket& ticket, const Reply& reply, const Provider& provider,
                        Bytes max_body, ParseScratch& scratch) {
  Verdict verdict = provider.judge(ticket, reply);
  if (Failure* failure = std::get_if<Failure>(&verdict)) return fail(std::move(*failure));
  const auto body =
      scratch.inflater.inflate(reply.body, reply.headers.find("content-encoding"), max_body);
  if (!body) return fail(body.error());
  auto page = provider.parse(ticket, *body, *scratch.json);
  if (!page) return fail(page.error());
  return Accepted{std::move(*page), std::move(std::get<Accept>(verdict).follow_ups)};
}

Exchange describe(const Fetched& fetched) {
  Exchange exchange{.page = fetched.ticket.request.page,
                    .attempt = fetched.ticket.attempt,
                    .timing = fetched.timing};
  if (fetched.reply) {
    exchange.status = fetched.reply->status;
    exchange.bytes = fetched.reply->wire_bytes;
    exchange.http_version = fetched.reply->http_version;
  }
  return exchange;
}

}  // namespace

ParseScratch::ParseScratch() : json(std::make_unique<JsonScratch>()) {}

ParseScratch::~ParseScratch() = default;

Settlement parse_reply(Fetched fetched, const Provider& provider, Bytes max_body,
                       const Clock& clock, ParseScratch& scratch) {
  const Time begin = clock.now();
  Exchange exchange = describe(fetched);
  auto result = fetched.reply ? accept(fetched.ticket, *fetched.reply, provider, max_body, scratch)
                              : Result<Accepted>(fail(fetched.reply.error()));
  if (!result) {
    exchange.outcome = policy_of(result.error().kind).name;
    exchange.error = result.error().message;
    result = fail(result.error().within(
        fmt::format("{} page {}", fetched.ticket.login, fetched.ticket.request.page)));
  }
  const Timing& timing = fetched.timing;
  const Duration queued =
      (timing.started - fetched.ticket.sent) + (begin - (timing.started + timing.total));
  return Settlement{.ticket = std::move(fetched.ticket),
                    .exchange = std::move(exchange),
                    .result = std::move(result),
                    .queued = std::max(queued, Duration::zero()),
                    .parse = clock.now() - begin};
}

}  // namespace repopipe
