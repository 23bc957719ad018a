#include "stages/providers/github.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "stages/link_header.h"
#include "stages/providers/github_fields.h"
#include "stages/providers/percent.h"

namespace repopipe {
namespace {

// A listing of a million repositories; nobody has one, so more pages than that are a defect.
constexpr int kMostPages = 10'000;

// GitHub asks for a media type and the version of the API (docs: "Getting started with the REST
// API").
constexpr std::array<std::string_view, 2> kRequestHeaders{"Accept: application/vnd.github+json",
                                                          "X-GitHub-Api-Version: 2022-11-28"};

Failure refused(int status) {
  if (status == 404) return {FailureKind::not_found, "HTTP 404: no such account, or not visible"};
  if (status >= 500) return {FailureKind::server_error, fmt::format("HTTP {}", status)};
  return {FailureKind::unexpected_status, fmt::format("unexpected reply, HTTP {}", status)};
}

Failure bad_link(std::string_view why) {
  return {FailureKind::malformed, fmt::format("Link header: {}", why)};
}

// All pages behind the last announced one, up to `last`, addressed like `next`.
std::vector<Request> pages_after(const Request& request, std::string_view next, int last) {
  std::vector<Request> pages;
  for (int page = request.last_announced + 1; page <= last; ++page) {
    pages.push_back({.target = with_page(next, page), .page = page, .last_announced = last});
  }
  return pages;
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
Request GithubProvider::first_request(const Key& key) const {
  return {.target = fmt::format("/users/{}/repos?type=owner&sort=full_name&per_page={}&page=1",
                                percent_encode(key.login), settings_.per_page)};
}

Verdict GithubProvider::judge(const Ticket& ticket, const Reply& reply) const {
  if (reply.status == 200) return follow(ticket, reply);
  return refused(reply.status);
}

// Only the last page announced so far may announce more: the first names the last of all, so the
// whole listing is asked for at once.
Verdict GithubProvider::follow(const Ticket& ticket, const Reply& reply) const {
  const auto header = reply.headers.find("link");
  if (!header || ticket.request.page < ticket.request.last_announced) return Accept{};
  const auto next_url = find_link(*header, "next");
  if (!next_url) return Accept{};
  const auto next = target_below(settings_.base_url, *next_url);
  if (!next) return bad_link(fmt::format("{} is not below {}", *next_url, settings_.base_url));
  const auto next_page = page_of(*next);
  if (next_page != ticket.request.page + 1) {
    return bad_link(fmt::format("page {} is not followed by itself plus one", ticket.request.page));
  }
  const auto last_url = find_link(*header, "last");
  const auto last_page = last_url ? page_of(*last_url) : next_page;
  if (!last_page || *last_page < *next_page || *last_page > kMostPages) {
    return bad_link(
        fmt::format("the last page must lie between {} and {}", *next_page, kMostPages));
  }
  return Accept{pages_after(ticket.request, *next, *last_page)};
}

Result<Page> GithubProvider::parse(const Ticket& ticket, PaddedText body,
                                   JsonScratch& scratch) const {
  return reader_.read(body, ticket.request.page, scratch);
}

}  // namespace repopipe
