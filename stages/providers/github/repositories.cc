// The fields of a repository that are kept, in GitHub's names.  Source: the response schema of GET
// /users/{username}/repos in GitHub's REST API, 2022-11-28.  Leaves out addresses that follow from
// others, and watchers*, which mirror the stars.
#include <array>

#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

using enum FieldType;
using enum Presence;
using enum Role;

// clang-format off
constexpr std::array kFields{
    Field{"id", "id", integer, required, attribute, Identity::yes,
          "GitHub's number of the repository"},
    Field{"node_id", "node_id", text, optional, attribute, Identity::no,
          "its id in GitHub's GraphQL API"},
    Field{"name", "name", text, required, attribute, Identity::no,
          "name without the owner"},
    Field{"full_name", "full_name", text, required, attribute, Identity::no,
          "owner and name: `octocat/hello`"},
    Field{"owner.id", "owner_id", integer, required, account_id, Identity::no,
          "account that owns it: `users.id`"},
    Field{"owner.login", "owner_login", text, required, account_login, Identity::no,
          "login of the owner"},
    Field{"owner.type", "owner_type", text, optional, account_kind, Identity::no,
          "`User` or `Organization`"},
    Field{"private", "private", boolean, optional, attribute, Identity::no,
          "1: only its members see it"},
    Field{"html_url", "html_url", text, optional, attribute, Identity::no,
          "its page on GitHub"},
    Field{"description", "description", text, optional, attribute, Identity::no,
          "one line by its owner"},
    Field{"fork", "fork", boolean, optional, attribute, Identity::no,
          "1: it began as a copy of another one"},
    Field{"homepage", "homepage", text, optional, attribute, Identity::no,
          "web site; often empty"},
    Field{"language", "language", text, optional, attribute, Identity::no,
          "the language with the most code"},
    Field{"license.key", "license_key", text, optional, attribute, Identity::no,
          "GitHub's key of the licence"},
    Field{"license.name", "license_name", text, optional, attribute, Identity::no,
          "name of the licence"},
    Field{"license.spdx_id", "license_spdx_id", text, optional, attribute, Identity::no,
          "its SPDX identifier"},
    Field{"default_branch", "default_branch", text, optional, attribute, Identity::no,
          "the main branch", "master_branch"},
    Field{"visibility", "visibility", text, optional, attribute, Identity::no,
          "`public`, `private`, `internal`"},
    Field{"topics", "topics", text_list, optional, attribute, Identity::no,
          "topics as a JSON array"},
    Field{"is_template", "is_template", boolean, optional, attribute, Identity::no,
          "1: it is a template"},
    Field{"archived", "archived", boolean, optional, attribute, Identity::no,
          "1: read-only"},
    Field{"disabled", "disabled", boolean, optional, attribute, Identity::no,
          "1: disabled by GitHub"},
    Field{"has_issues", "has_issues", boolean, optional, attribute, Identity::no,
          "1: issues are on"},
    Field{"has_projects", "has_projects", boolean, optional, attribute, Identity::no,
          "1: projects are on"},
    Field{"has_wiki", "has_wiki", boolean, optional, attribute, Identity::no,
          "1: the wiki is on"},
    Field{"has_pages", "has_pages", boolean, optional, attribute, Identity::no,
          "1: it has a Pages site"},
    Field{"has_downloads", "has_downloads", boolean, optional, attribute, Identity::no,
          "1: downloads are on"},
    Field{"has_discussions", "has_discussions", boolean, optional, attribute, Identity::no,
          "1: discussions are on"},
    Field{"allow_forking", "allow_forking", boolean, optional, attribute, Identity::no,
          "1: it may be forked"},
    Field{"web_commit_signoff_required", "web_commit_signoff_required", boolean, optional, attribute, Identity::no,
          "1: commits on the web are signed off"},
    Field{"mirror_url", "mirror_url", text, optional, attribute, Identity::no,
          "what it is a mirror of"},
    Field{"created_at", "created_at", text, optional, attribute, Identity::no,
          "when it was created"},
    Field{"updated_at", "updated_at", text, optional, attribute, Identity::no,
          "when its record last changed"},
    Field{"pushed_at", "pushed_at", text, optional, attribute, Identity::no,
          "when it was last pushed to"},
    Field{"size", "size", integer, optional, statistic, Identity::no,
          "size in KB, as GitHub counts it"},
    Field{"stargazers_count", "stargazers_count", integer, optional, statistic, Identity::no,
          "stars", "watchers"},
    Field{"forks_count", "forks_count", integer, optional, statistic, Identity::no,
          "forks", "forks"},
    Field{"open_issues_count", "open_issues_count", integer, optional, statistic, Identity::no,
          "open issues and pull requests", "open_issues"},
};
// clang-format on

// Sorted by name: with an order by time, a push during the listing would move repositories between
// pages, and one could be missed.
constexpr std::array kRoutes{Route{.name = "rest",
                                   .entry = "",
                                   .path = "/users/{login}/repos?type=owner&sort=full_name",
                                   .path_by_id = "/user/{id}/repos?type=owner&sort=full_name",
                                   .page_size = "per_page",
                                   .most = 100,
                                   .paging = Paging::links,
                                   .revalidation = Revalidation::etag}};

}  // namespace

constexpr Resource kGithubRepositories{.id = kRepositoriesId,
                                       .name = "repositories",
                                       .table = "repos",
                                       .item = "repo",
                                       .fields = kFields,
                                       .routes = kRoutes,
                                       .parent = {"owner_id", Identity::no},
                                       .if_missing = IfMissing::gone};

}  // namespace repopipe
