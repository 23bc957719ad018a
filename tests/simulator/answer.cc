#include "tests/simulator/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "tests/simulator/etag.h"
#include "tests/simulator/link_header.h"
#include "tests/simulator/object_text.h"
#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kWarmPageSize = 100;

AccountKey key_of(const Target& target) {
  if (const auto* id = std::get_if<std::uint64_t>(&target.account)) return NumericId{*id};
  return Login{std::get<std::string>(target.account)};
}

}  // namespace

Answerer::Answerer(const Source& source, const AnswerSettings& settings)
    : source_(source),
      settings_(settings),
      maker_(source, settings.nulls),
      cache_(settings.cache_bytes),
      quota_(settings.quota),
      tokens_(settings.tokens),
      fates_(settings.seed, settings.fates) {}

std::shared_ptr<const Page> Answerer::page(const Account& account, const PageKey& key) {
  auto page = cache_.find(key);
  if (page) return page;
  page = maker_.make(account, key);
  cache_.insert(key, page);
  return page;
}

std::optional<Account> Answerer::account_of(std::string_view text) const {
  const auto target = parse_target(text);
  return target ? source_.find(key_of(*target)) : std::nullopt;
}

Response Answerer::answer(const Request& request, Moment now) {
  if (settings_.form == Form::gitea) {
    return gitea_response(source_, tokens_, settings_.hidden, request);
  }
  if (request.user_agent.empty()) return no_user_agent();
  if (!tokens_.use(request.authorization)) return bad_credentials();
  const std::string owner = tokens_.owner_key(request.authorization);
  return quota_.spent(owner, now) ? quota_response(request, owner, now) : content(request, now);
}

Response Answerer::quota_response(const Request& request, const std::string& owner, Moment now) {
  const QuotaFigures figures = quota_.charge(owner, 0, now);
  Response response =
      over_quota(request.authorization, owner_of(request.authorization).id, figures);
  add_common_headers(response, request, "", figures, now);
  return response;
}

Response Answerer::content(const Request& request, Moment now) {
  if (request.method != Method::get) return with_headers(not_found(), request, now);
  if (request.target.substr(0, request.target.find('?')) == "/user") {
    return token_owner(request, now);
  }
  const std::optional<Target> target = parse_target(request.target);
  if (!target) return with_headers(not_found(), request, now);
  if (target->kind == PageKind::listing && !settings_.redirect_to.empty()) {
    const std::string elsewhere = settings_.redirect_to + std::string(request.target);
    return with_headers(found_elsewhere(elsewhere), request, now);
  }
  const std::optional<Account> account = source_.find(key_of(*target));
  if (!account) return with_headers(not_found(), request, now);
  return account_response(request, *target, *account, now);
}

Response Answerer::token_owner(const Request& request, Moment now) {
  if (request.authorization.empty()) return with_headers(requires_authentication(), request, now);
  const Account owner = owner_of(request.authorization);
  return with_headers(json_response(200, "OK", account_object(owner, 0)), request, now);
}

Account Answerer::owner_of(std::string_view authorization) const {
  // Ids of generated token owners, above the ids of accounts.
  constexpr std::uint64_t kFirstOwner = 3'000'000'000;
  Account owner{.login = tokens_.owner_login(authorization)};
  if (const auto known = source_.find(Login{owner.login})) return *known;
  owner.id = kFirstOwner + std::hash<std::string>{}(owner.login) % 1'000'000'000;
  return owner;
}

Response Answerer::account_response(const Request& request, const Target& target,
                                    const Account& account, Moment now) {
  const bool is_organization = account.kind == AccountKind::organization;
  if (target.kind == PageKind::members && !is_organization) {
    return with_headers(not_found(), request, now);
  }
  if (account.by_former_login) return moved(request, target, account, now);
  const auto fate = fates_.of(account);
  if (fate && (target.kind == PageKind::listing || *fate == Fate::missing)) {
    return with_headers(fate_response(*fate, account), request, now);
  }
  return page_response(request, target, account, now);
}

Response Answerer::moved(const Request& request, const Target& target, const Account& account,
                         Moment now) {
  const bool is_members = target.kind == PageKind::members;
  std::string location =
      base_url(request) + (is_members ? "/organizations/" : "/user/") + std::to_string(account.id);
  if (target.kind == PageKind::listing) location += "/repos";
  if (is_members) location += "/members";
  location += request.target.substr(std::min(request.target.find('?'), request.target.size()));
  return with_headers(moved_permanently(location), request, now);
}

Response Answerer::page_response(const Request& request, const Target& target,
                                 const Account& account, Moment now) {
  PageKey key{.account = account.ordinal, .kind = target.kind, .number = 0, .size = 0};
  if (target.kind != PageKind::account) {
    key.number = target.page;
    key.size = target.per_page;
  }
  const auto found = page(account, key);
  const std::string etag = entity_tag(found->hash, request);
  const std::string owner = tokens_.owner_key(request.authorization);
  Response response;
  if (lists(request.if_none_match, etag)) {
    response.status = 304;
    response.reason = "Not Modified";
    // A 304 is free with a token and counts without one.
    const std::uint64_t cost = request.authorization.empty() ? 1 : 0;
    add_common_headers(response, request, etag, quota_.charge(owner, cost, now), now);
    return response;
  }
  response.headers.push_back({"Content-Type", "application/json; charset=utf-8"});
  if (request.accept_encoding.find("gzip") != std::string_view::npos) {
    response.headers.push_back({"Content-Encoding", "gzip"});
    response.body = {found, &found->gzip};
  } else {
    response.body = std::make_shared<const std::string>(maker_.plain_text(*found));
  }
  add_common_headers(response, request, etag, quota_.charge(owner, 1, now), now);
  if (target.kind == PageKind::account) return response;
  std::string links = link_header(base_url(request), account.id, target, found->last);
  if (!links.empty()) response.headers.push_back({"Link", std::move(links)});
  return response;
}

std::string Answerer::base_url(const Request& request) const {
  return settings_.base_url.empty() ? "http://" + std::string(request.host) : settings_.base_url;
}

Response Answerer::with_headers(Response response, const Request& request, Moment now) {
  const std::string owner = tokens_.owner_key(request.authorization);
  add_common_headers(response, request, "", quota_.charge(owner, 1, now), now);
  return response;
}

void Answerer::add_common_headers(Response& response, const Request& request,
                                  const std::string& etag, const QuotaFigures& figures,
                                  Moment now) {
  const bool authorized = !request.authorization.empty();
  auto& headers = response.headers;
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
  const std::string_view expiration = tokens_.expiration(request.authorization);
  if (expiration.empty()) return;
  headers.push_back({"github-authentication-token-expiration", std::string(expiration)});
}

std::string Answerer::next_request_id(Moment now) {
  const std::uint64_t draw = mix(++answered_);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return fmt::format("{:04X}:{:04X}:{:X}:{:X}:{:08X}", draw & 0xffff, (draw >> 16) & 0xffff,
                     answered_, draw >> 40, seconds);
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
