#include "stages/providers/github/github.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/base/url.h"
#include "stages/parse/json_account.h"
#include "stages/providers/github/github_fields.h"
#include "stages/providers/github/github_limits.h"
#include "stages/providers/github/github_pages.h"
#include "stages/providers/github/github_refusals.h"

namespace repopipe {
namespace {

constexpr int kMostRedirects = 5;

// GitHub asks for a media type and the version of the API (docs: "Getting started with the REST
// API").
constexpr std::array<std::string_view, 2> kRequestHeaders{"Accept: application/vnd.github+json",
                                                          "X-GitHub-Api-Version: 2022-11-28"};

// Empty for one that could not stand in a request as it came, or must not be stored.
std::string etag_of(const Response& response) {
  const std::string_view etag = response.headers.find("etag").value_or("");
  const bool is_plain = std::ranges::all_of(etag, [](char c) { return c > ' ' && c <= '~'; });
  return is_plain && !may_hold_secret(etag) ? std::string(etag) : std::string();
}

// A list that lacks what the token may not see (GitHub docs, "Authenticating with SAML single
// sign-on"); else empty.
std::string why_partial(const Response& response) {
  const std::string_view sso = response.headers.find("x-github-sso").value_or("");
  if (!sso.starts_with("partial-results")) return {};
  return fmt::format("X-GitHub-SSO: {}", printable(sso));
}

// In trouble the API answers 200 with an object that says why.
Failure with_message(Failure failure, std::string_view body) {
  const auto message = api_message(body);
  if (failure.kind == FailureKind::malformed && message) failure.message += ": " + *message;
  return failure;
}

}  // namespace

GithubProvider::GithubProvider(ProviderSettings settings)
    : settings_(std::move(settings)), reader_(github_fields()) {}

ProviderEntry GithubProvider::entry() {
  return {"github", github_fields, github_resources, kRequestHeaders,
          [](const ProviderSettings& settings) {
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

Verdict GithubProvider::judge(const Task& task, const Response& response,
                              std::string_view body) const {
  Verdict verdict{.meaning = Failure{}, .rate_limits = github_rate_limits(response)};
  if (auto meaning = meaning_of(task, response)) {
    verdict.rate_limits.note = note_of_links(settings_.base_url, task.request, response);
    verdict.meaning = std::move(*meaning);
    return verdict;
  }
  Refusal refusal = github_refusal(response, body);
  const bool is_page = task.request.kind == RequestKind::page;
  if (is_page && (response.status == 204 || response.status == 409)) {
    refusal.failure.kind = FailureKind::incomplete_list;  // documented for no list
  }
  verdict.meaning = std::move(refusal.failure);
  verdict.rate_limits.wait = refusal.wait;
  return verdict;
}

// By status and headers; nothing: the response is a refusal, which the body explains.
std::optional<GithubProvider::Meaning> GithubProvider::meaning_of(const Task& task,
                                                                  const Response& response) const {
  const bool is_page = task.request.kind == RequestKind::page;
  switch (response.status) {
    case 200:
    case 203:  // changed by a proxy on the way (RFC 9110, section 15.3.4)
      return InBody{};
    case 301:
    case 302:
    case 307:
    case 308:
      return moved(task.request, response);
    case 304:
      if (is_page && !task.request.etag.empty()) return unchanged(task.request, response);
      return Failure{FailureKind::malformed, "HTTP 304 to a request without an ETag"};
    default:
      break;
  }
  return std::nullopt;
}

GithubProvider::Meaning GithubProvider::unchanged(const Request& request,
                                                  const Response& response) const {
  auto behind = pages_behind_known(settings_.base_url, request, response);
  if (!behind) return std::move(behind.error());
  return Unchanged{std::move(behind->follow_ups), std::move(behind->next)};
}

// Never to another host: the token goes along with every request.
GithubProvider::Meaning GithubProvider::moved(const Request& request,
                                              const Response& response) const {
  const auto location = response.headers.find("location");
  if (!location || location->empty()) {
    return Failure{FailureKind::malformed,
                   fmt::format("HTTP {} without a Location", response.status)};
  }
  if (request.redirects >= kMostRedirects) {
    return Failure{FailureKind::unexpected_status,
                   fmt::format("redirected more than {} times", kMostRedirects)};
  }
  auto target = redirect_target(settings_.base_url, request, *location);
  if (target) return Redirect{std::move(*target)};
  // A proxy that wants a login first redirects whatever is asked for.
  const bool is_foreign = is_elsewhere(settings_.base_url, request.target, *location);
  return Failure{is_foreign ? FailureKind::malformed : FailureKind::unexpected_status,
                 fmt::format("redirected to {}, which is not below {}; not followed",
                             printable(*location), settings_.base_url)};
}

Result<Answer> GithubProvider::read(const Task& task, const Response& response, PaddedText body,
                                    JsonScratch& scratch) const {
  if (task.request.kind == RequestKind::page) {
    return read_page(task.request, response, body, scratch);
  }
  auto account = read_account(body, scratch);
  if (!account) return fail(account.error());
  return std::move(*account);
}

Result<Answer> GithubProvider::read_page(const Request& request, const Response& response,
                                         PaddedText body, JsonScratch& scratch) const {
  auto page = reader_.read(body, request.page, scratch);
  if (!page) return fail(with_message(std::move(page.error()), body.text));
  PageRead listed{std::move(*page)};
  Validator& validator = listed.page.validator;
  validator.target = request.target;
  validator.etag = etag_of(response);
  const std::size_t records =
      listed.page.rows.rows() + static_cast<std::size_t>(listed.page.skipped);
  auto behind =
      pages_behind(settings_.base_url, request, response, records, !validator.etag.empty());
  if (!behind) return fail(behind.error());
  listed.follow_ups = std::move(behind->follow_ups);
  validator.next = std::move(behind->next);
  listed.page.partial = why_partial(response);
  return listed;
}

}  // namespace repopipe
