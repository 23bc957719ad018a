#include "stages/providers/github/github_fields.h"

#include <array>

namespace repopipe {
namespace {

using enum FieldType;
using enum Presence;
using enum Role;

// clang-format off
constexpr std::array kFields{
    Field{"id", "id", integer, required, repo_id,
          "GitHub's number of the repository"},
    Field{"node_id", "node_id", text, optional, attribute,
          "its id in GitHub's GraphQL API"},
    Field{"name", "name", text, required, attribute,
          "name without the owner"},
    Field{"full_name", "full_name", text, required, attribute,
          "owner and name: `octocat/hello`"},
    Field{"owner.id", "owner_id", integer, required, owner_id,
          "account that owns it: `users.id`"},
    Field{"owner.login", "owner_login", text, required, owner_login,
          "login of the owner"},
    Field{"owner.type", "owner_type", text, optional, owner_kind,
          "`User` or `Organization`"},
    Field{"private", "private", boolean, optional, attribute,
          "1: only its members see it"},
    Field{"html_url", "html_url", text, optional, attribute,
          "its page on GitHub"},
    Field{"description", "description", text, optional, attribute,
          "one line by its owner"},
    Field{"fork", "fork", boolean, optional, attribute,
          "1: it began as a copy of another one"},
    Field{"homepage", "homepage", text, optional, attribute,
          "web site; often empty"},
    Field{"language", "language", text, optional, attribute,
          "the language with the most code"},
    Field{"license.key", "license_key", text, optional, attribute,
          "GitHub's key of the licence"},
    Field{"license.name", "license_name", text, optional, attribute,
          "name of the licence"},
    Field{"license.spdx_id", "license_spdx_id", text, optional, attribute,
          "its SPDX identifier"},
    Field{"default_branch", "default_branch", text, optional, attribute,
          "the main branch", "master_branch"},
    Field{"visibility", "visibility", text, optional, attribute,
          "`public`, `private`, `internal`"},
    Field{"topics", "topics", text_list, optional, attribute,
          "topics as a JSON array"},
    Field{"is_template", "is_template", boolean, optional, attribute,
          "1: it is a template"},
    Field{"archived", "archived", boolean, optional, attribute,
          "1: read-only"},
    Field{"disabled", "disabled", boolean, optional, attribute,
          "1: disabled by GitHub"},
    Field{"has_issues", "has_issues", boolean, optional, attribute,
          "1: issues are on"},
    Field{"has_projects", "has_projects", boolean, optional, attribute,
          "1: projects are on"},
    Field{"has_wiki", "has_wiki", boolean, optional, attribute,
          "1: the wiki is on"},
    Field{"has_pages", "has_pages", boolean, optional, attribute,
          "1: it has a Pages site"},
    Field{"has_downloads", "has_downloads", boolean, optional, attribute,
          "1: downloads are on"},
    Field{"has_discussions", "has_discussions", boolean, optional, attribute,
          "1: discussions are on"},
    Field{"allow_forking", "allow_forking", boolean, optional, attribute,
          "1: it may be forked"},
    Field{"web_commit_signoff_required", "web_commit_signoff_required", boolean, optional, attribute,
          "1: commits on the web are signed off"},
    Field{"mirror_url", "mirror_url", text, optional, attribute,
          "what it is a mirror of"},
    Field{"created_at", "created_at", text, optional, attribute,
          "when it was created"},
    Field{"updated_at", "updated_at", text, optional, attribute,
          "when its record last changed"},
    Field{"pushed_at", "pushed_at", text, optional, attribute,
          "when it was last pushed to"},
    Field{"size", "size", integer, optional, statistic,
          "size in KB, as GitHub counts it"},
    Field{"stargazers_count", "stargazers_count", integer, optional, statistic,
          "stars", "watchers"},
    Field{"forks_count", "forks_count", integer, optional, statistic,
          "forks", "forks"},
    Field{"open_issues_count", "open_issues_count", integer, optional, statistic,
          "open issues and pull requests", "open_issues"},
};
// clang-format on

}  // namespace

Fields github_fields() {
  return kFields;
}

}  // namespace repopipe
