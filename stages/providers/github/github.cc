#include "stages/providers/github/github.h"

#include <fmt/format.h>

#include <array>

#include "pipeline/base/text.h"
#include "stages/providers/github/github_limits.h"
#include "stages/providers/github/github_refusals.h"

namespace repopipe {
namespace {

// Media type and API version (GitHub docs: "Getting started with the REST API").
constexpr std::array<std::string_view, 2> kRequestHeaders{"Accept: application/vnd.github+json",
                                                          "X-GitHub-Api-Version: 2022-11-28"};

// Managed users contain underscores; old accounts may end in a hyphen.
constexpr UsernameRule kUsername{.longest = 39,
                                 .marks = "-_",
                                 .words = "letters, digits, hyphens and underscores",
                                 .not_first = "-",
                                 .suffix = "[bot]",
                                 .host = "github.com"};

// GitHub docs, "Rate limits for the REST API": 100 concurrent requests, 900 points and 90 seconds
// of CPU time a minute.
constexpr LimitDefaults kLimits{
    .concurrent = 100, .requests_per_minute = 900, .response_seconds_per_minute = 90};

// GitHub docs, "Authenticating with SAML single sign-on".
std::string why_partial(const Response& response) {
  const std::string_view sso = response.headers.find("x-github-sso").value_or("");
  if (!sso.starts_with("partial-results")) return {};
  return fmt::format("X-GitHub-SSO: {}", printable(sso));
}

constexpr std::array<const Resource*, 2> kResources{&kGithubRepositories, &kGithubMembers};

}  // namespace

constexpr Provider kGithub{.kind = "github",
                           .default_url = "https://api.github.com",
                           .account_by_id = "/user/{id}",
                           .account = "/users/{login}",
                           .probe = "/rate_limit",
                           .token_owner = "/user",
                           .headers = kRequestHeaders,
                           .token_scopes = "x-oauth-scopes",
                           .username = kUsername,
                           .limits = kLimits,
                           .rate_limits = github_rate_limits,
                           .error = github_refusal,
                           .partial = why_partial,
                           .resources = kResources};

}  // namespace repopipe
