#include "stages/providers/github.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pipeline/core/match.h"
#include "pipeline/core/text.h"
#include "stages/link_header.h"
#include "stages/providers/github_fields.h"
#include "stages/providers/github_limits.h"
#include "stages/providers/github_refusals.h"
#include "stages/providers/json_account.h"
#include "stages/providers/percent.h"
#include "stages/reference.h"

namespace repopipe {
namespace {

// Far above the largest account there is; a listing that goes on behind it is a defect.
constexpr int kMostRepositories = 200'000;
constexpr int kMostPages = 20'000;  // however small a server makes them
constexpr int kMostRedirects = 5;

// GitHub asks for a media type and the version of the API (docs: "Getting started with the REST
// API").
constexpr std::array<std::string_view, 2> kRequestHeaders{"Accept: application/vnd.github+json",
                                                          "X-GitHub-Api-Version: 2022-11-28"};

Failure bad_link(std::string_view why) {
  return {FailureKind::bad_record, fmt::format("Link header: {}", why)};
}

// All pages behind the last announced one, up to `last`, addressed like `next`.
std::vector<Request> pages_after(const Request& request, std::string_view next, int last) {
  std::vector<Request> pages;
  for (int page = request.last_announced + 1; page <= last; ++page) {
    pages.push_back({.target = with_page(next, page), .page = page, .last_announced = last});
  }
  return pages;
}

int per_page_of(const Request& request) {
  return query_number(request.target, "per_page").value_or(30);  // GitHub's default
}

int most_pages(const Request& request) {
  return std::min(kMostRepositories / per_page_of(request) + 1, kMostPages);
}

// Empty for one that could not stand in a request as it came.
std::string etag_of(const Reply& reply) {
  const std::string_view etag = reply.headers.find("etag").value_or("");
  const bool is_plain = std::ranges::all_of(etag, [](char c) { return c > ' ' && c <= '~'; });
  return is_plain ? std::string(etag) : std::string();
}

}  // namespace

GithubProvider::GithubProvider(ProviderSettings settings)
    : settings_(std::move(settings)), reader_(github_fields()) {}

ProviderEntry GithubProvider::entry() {
  return {"github", github_fields, kRequestHeaders, [](const ProviderSettings& settings) {
            return std::unique_ptr<Provider>(std::make_unique<GithubProvider>(settings));
          }};
}

// Sorted by name: under an order by time a push during the listing would move repositories between
// pages, and one would be missed.
Request GithubProvider::ask(const Question& question) const {
  const auto listing = [this](const std::string& owner, int per_page) {
    return Request{.target = fmt::format("{}/repos?type=owner&sort=full_name&per_page={}&page=1",
                                         owner, per_page > 0 ? per_page : settings_.per_page)};
  };
  return std::visit(Match{[&](const ListingOf& of) {
                            return listing("/users/" + percent_encode(of.login), of.per_page);
                          },
                          [&](const ListingOfAccount& of) {
                            return listing(fmt::format("/user/{}", of.account), of.per_page);
                          },
                          [](const WhoIs& who) {
                            return Request{.kind = RequestKind::account,
                                           .target = fmt::format("/user/{}", who.account),
                                           .page = 0};
                          },
                          [](const WhoseToken&) {
                            return Request{
                                .kind = RequestKind::owner, .target = "/user", .page = 0};
                          }},
                    question);
}

Verdict GithubProvider::judge(const Ticket& ticket, const Reply& reply,
                              std::string_view body) const {
  Verdict verdict{.meaning = Failure{}, .signals = github_signals(reply)};
  if (auto meaning = meaning_of(ticket, reply)) {
    verdict.meaning = std::move(*meaning);
    return verdict;
  }
  Refusal refusal = github_refusal(reply, body);
  verdict.meaning = std::move(refusal.failure);
  verdict.signals.wait = refusal.wait;
  return verdict;
}

// By status and headers; nothing: the reply is a refusal, which the body explains.
std::optional<GithubProvider::Meaning> GithubProvider::meaning_of(const Ticket& ticket,
                                                                  const Reply& reply) const {
  const bool is_page = ticket.request.kind == RequestKind::page;
  switch (reply.status) {
    case 200:
      return InBody{};
    case 204:
    case 409:
      if (is_page) return NoRows{};
      break;
    case 301:
    case 302:
    case 307:
    case 308:
      return moved(ticket.request, reply);
    case 304:
      if (is_page && !ticket.request.etag.empty()) return unchanged(ticket.request, reply);
      return Failure{FailureKind::malformed, "HTTP 304 to a request without an ETag"};
    default:
      break;
  }
  return std::nullopt;
}

// The reply may have no Link header; then the known page's own successor counts.
GithubProvider::Meaning GithubProvider::unchanged(const Request& request,
                                                  const Reply& reply) const {
  if (const auto link = reply.headers.combined("link")) {
    auto targets = linked(request, *link);
    if (!targets) return std::move(targets.error());
    std::string next = next_of(request, *link);
    if (!targets->empty()) return Unchanged{std::move(*targets), std::move(next)};
    if (!next.empty()) return Unchanged{{}, std::move(next)};
  }
  if (request.next.empty() || request.page < request.last_announced) return Unchanged{};
  Unchanged kept{
      pages_after(request, request.next, std::max(request.last_known, request.page + 1))};
  for (Request& page : kept.follow_ups) page.is_extra = page.page > request.last_known;
  return kept;
}

// Never to another host: the token goes along with every request.
GithubProvider::Meaning GithubProvider::moved(const Request& request, const Reply& reply) const {
  const auto location = reply.headers.find("location");
  if (!location || location->empty()) {
    return Failure{FailureKind::malformed, fmt::format("HTTP {} without a Location", reply.status)};
  }
  if (request.redirects >= kMostRedirects) {
    return Failure{FailureKind::unexpected_status,
                   fmt::format("redirected more than {} times", kMostRedirects)};
  }
  auto target = target_below(settings_.base_url, request.target, *location);
  if (!target) {
    return Failure{FailureKind::unexpected_status,
                   fmt::format("redirected to {}, which is not below {}; not followed",
                               printable(*location), settings_.base_url)};
  }
  return Moved{std::move(*target)};
}

// Only the last page announced so far may announce more: the first names the last of all, so the
// whole listing is asked for at once.
GithubProvider::Targets GithubProvider::linked(const Request& request,
                                               std::string_view link) const {
  const auto next_url = find_link(link, "next");
  if (!next_url || request.page < request.last_announced) return {};
  const auto next = target_below(settings_.base_url, request.target, *next_url);
  if (!next) {
    return fail(
        bad_link(fmt::format("{} is not below {}", printable(*next_url), settings_.base_url)));
  }
  const auto next_page = query_number(*next, "page");
  if (next_page != request.page + 1) {
    return fail(bad_link(fmt::format("page {} is not followed by itself plus one", request.page)));
  }
  const auto last_url = find_link(link, "last");
  const auto last_page = last_url ? query_number(*last_url, "page") : next_page;
  const int most = most_pages(request);
  if (!last_page || *last_page < *next_page || *last_page > most) {
    return fail(
        bad_link(fmt::format("the last page must lie between {} and {}", *next_page, most)));
  }
  return pages_after(request, *next, *last_page);
}

// The target of the page behind this one; empty: the header names none.
std::string GithubProvider::next_of(const Request& request, std::string_view link) const {
  const auto url = find_link(link, "next");
  if (!url) return {};
  return target_below(settings_.base_url, request.target, *url).value_or("");
}

Result<Answer> GithubProvider::read(const Ticket& ticket, const Reply& reply, PaddedText body,
                                    JsonScratch& scratch) const {
  if (ticket.request.kind == RequestKind::page) {
    return read_page(ticket.request, reply, body, scratch);
  }
  auto account = read_account(body, scratch);
  if (!account) return fail(account.error());
  return std::move(*account);
}

// A full last page is followed by one more request, though the listing is over: its ETag says
// nothing of a page that comes to stand behind it.
Result<Answer> GithubProvider::read_page(const Request& request, const Reply& reply,
                                         PaddedText body, JsonScratch& scratch) const {
  auto page = reader_.read(body, request.page, scratch);
  if (!page) return fail(page.error());
  Listed listed{std::move(*page)};
  if (const auto link = reply.headers.combined("link")) {
    auto targets = linked(request, *link);
    if (!targets) return fail(targets.error());
    listed.follow_ups = std::move(*targets);
    listed.page.validator.next = next_of(request, *link);
  }
  listed.page.validator.target = request.target;
  listed.page.validator.etag = etag_of(reply);
  const auto records = static_cast<int>(listed.page.rows.rows()) + listed.page.skipped;
  const bool is_last = listed.page.validator.next.empty() &&
                       request.page >= request.last_announced && request.page < most_pages(request);
  if (is_last && records >= per_page_of(request) && !listed.page.validator.etag.empty()) {
    listed.page.validator.next = with_page(request.target, request.page + 1);
    listed.follow_ups = pages_after(request, listed.page.validator.next, request.page + 1);
    for (Request& page : listed.follow_ups) page.is_extra = true;
  }
  return listed;
}

}  // namespace repopipe
