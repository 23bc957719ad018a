#include "tests/simulator/answer.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "tests/simulator/link_header.h"
#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kWarmPageSize = 100;

std::uint64_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

// At GitHub the validator of one and the same body differs by Accept and by the exact Authorization
// value.
std::string entity_tag(const Page& page, const Request& request) {
  const std::uint64_t variant = mix(hash_of(request.accept), hash_of(request.authorization));
  return fmt::format("W/\"{:016x}{:016x}\"", mix(page.hash, variant), mix(variant, page.hash));
}

// If-None-Match compares weakly (RFC 9110, 13.1.2): only what is between the quotes counts.
bool matches(std::string_view if_none_match, std::string_view etag) {
  etag.remove_prefix(2);
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

AccountKey key_of(const Target& target) {
  if (const auto* id = std::get_if<std::uint64_t>(&target.account)) return NumericId{*id};
  return Login{std::get<std::string>(target.account)};
}

}  // namespace

Answerer::Answerer(const Source& source, const AnswerSettings& settings)
    : source_(source),
      settings_(settings),
      maker_(source, settings.nulls),
      cache_(settings.cache_bytes) {}

std::shared_ptr<const Page> Answerer::page(const Account& account, const PageKey& key) {
  auto page = cache_.find(key);
  if (page) return page;
  page = maker_.make(account, key);
  cache_.insert(key, page);
  return page;
}

Reply Answerer::answer(const Request& request, std::chrono::sys_seconds now) {
  if (request.user_agent.empty()) return no_user_agent();
  std::optional<Account> account;
  std::optional<Target> target;
  if (request.method == Method::get) target = parse_target(request.target);
  if (target) account = source_.find(key_of(*target));
  if (account) return page_reply(request, *target, *account, now);
  Reply reply = not_found();
  add_common_headers(reply, request, "", now);
  return reply;
}

Reply Answerer::page_reply(const Request& request, const Target& target, const Account& account,
                           std::chrono::sys_seconds now) {
  PageKey key{.account = account.ordinal, .kind = target.kind, .number = 0, .size = 0};
  if (target.kind == PageKind::listing) {
    key.number = target.page;
    key.size = target.per_page;
  }
  const auto found = page(account, key);
  const std::string etag = entity_tag(*found, request);
  Reply reply;
  if (matches(request.if_none_match, etag)) {
    reply.status = 304;
    reply.reason = "Not Modified";
  } else if (request.accept_encoding.find("gzip") != std::string_view::npos) {
    reply.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
    reply.headers.push_back({"Content-Encoding", "gzip"});
    reply.body = {found, &found->gzip};
  } else {
    reply.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
    reply.body = std::make_shared<const std::string>(maker_.plain_text(*found));
  }
  add_common_headers(reply, request, etag, now);
  if (target.kind == PageKind::account) return reply;
  const std::string base_url =
      settings_.base_url.empty() ? "http://" + std::string(request.host) : settings_.base_url;
  std::string links = link_header(base_url, account.id, target, found->last);
  if (!links.empty()) reply.headers.push_back({"Link", std::move(links)});
  return reply;
}

void Answerer::add_common_headers(Reply& reply, const Request& request, const std::string& etag,
                                  std::chrono::sys_seconds now) {
  const std::string principal = principal_of(request.authorization);
  const bool authorized = !request.authorization.empty();
  // An authorized 304 costs nothing; without a token it counts.
  const QuotaFigures figures =
      quota_.charge(principal, reply.status == 304 && authorized ? 0 : 1, now);
  auto& headers = reply.headers;
  headers.push_back({"Cache-Control", authorized ? "private, max-age=60, s-maxage=60"
                                                 : "public, max-age=60, s-maxage=60"});
  headers.push_back({"Vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding"});
  if (!etag.empty()) headers.push_back({"ETag", etag});
  headers.push_back({"X-GitHub-Media-Type", "github.v3; format=json"});
  headers.push_back({"X-RateLimit-Limit", std::to_string(figures.limit)});
  headers.push_back({"X-RateLimit-Remaining", std::to_string(figures.remaining)});
  headers.push_back({"X-RateLimit-Used", std::to_string(figures.used)});
  headers.push_back(
      {"X-RateLimit-Reset", std::to_string(figures.reset.time_since_epoch().count())});
  headers.push_back({"X-RateLimit-Resource", "core"});
  headers.push_back({"X-GitHub-Request-Id", next_request_id(now)});
}

std::string Answerer::next_request_id(std::chrono::sys_seconds now) {
  const std::uint64_t draw = mix(++answered_);
  return fmt::format("{:04X}:{:04X}:{:X}:{:X}:{:08X}", draw & 0xffff, (draw >> 16) & 0xffff,
                     answered_, draw >> 40, now.time_since_epoch().count());
}

std::uint64_t Answerer::warm() {
  std::uint64_t ordinal = 0;
  for (;; ++ordinal) {
    const auto account = source_.find(Ordinal{ordinal});
    if (!account) return ordinal;
    std::uint64_t last = 1;
    for (std::uint64_t number = 1; number <= last; ++number) {
      if (cache_.full()) return ordinal;
      const PageKey key{.account = ordinal, .number = number, .size = kWarmPageSize};
      last = page(*account, key)->last;
    }
  }
}

}  // namespace repopipe::simulator
