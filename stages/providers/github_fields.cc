#include "stages/providers/github_fields.h"

#include <array>

namespace repopipe {
namespace {

using enum FieldType;
using enum Presence;
using enum Role;

// clang-format off
constexpr std::array kFields{
    Field{"id", "id", integer, required, repo_id,
          "GitHub's numeric id: the identity, whatever the name becomes"},
    Field{"node_id", "node_id", text, optional, attribute,
          "id in GitHub's GraphQL API"},
    Field{"name", "name", text, required, attribute,
          "name without the owner"},
    Field{"full_name", "full_name", text, required, attribute,
          "owner and name, `octocat/hello`"},
    Field{"owner.id", "owner_id", integer, required, owner_id,
          "account that owns it; `users.id`"},
    Field{"owner.login", "owner_login", text, required, owner_login,
          "login of the owner"},
    Field{"owner.type", "owner_type", text, optional, owner_kind,
          "`User` or `Organization`"},
    Field{"private", "private", boolean, optional, attribute,
          "1 when only its members see it"},
    Field{"html_url", "html_url", text, optional, attribute,
          "address of its page"},
    Field{"description", "description", text, optional, attribute,
          "one line by the owner"},
    Field{"fork", "fork", boolean, optional, attribute,
          "1 when it was forked from another"},
    Field{"homepage", "homepage", text, optional, attribute,
          "address given by the owner; often empty, sometimes prose"},
    Field{"language", "language", text, optional, attribute,
          "most used programming language"},
    Field{"license.key", "license_key", text, optional, attribute,
          "GitHub's key of the licence, `mit`"},
    Field{"license.name", "license_name", text, optional, attribute,
          "name of the licence"},
    Field{"license.spdx_id", "license_spdx_id", text, optional, attribute,
          "SPDX identifier; `NOASSERTION` when GitHub is not sure"},
    Field{"default_branch", "default_branch", text, optional, attribute,
          "branch that is shown first"},
    Field{"visibility", "visibility", text, optional, attribute,
          "`public`, `private` or `internal`"},
    Field{"topics", "topics", text_list, optional, attribute,
          "topics as a JSON array; also one a row in `repo_topics`"},
    Field{"is_template", "is_template", boolean, optional, attribute,
          "1 when others may start from it"},
    Field{"archived", "archived", boolean, optional, attribute,
          "1 when it is read-only"},
    Field{"disabled", "disabled", boolean, optional, attribute,
          "1 when GitHub has disabled it"},
    Field{"has_issues", "has_issues", boolean, optional, attribute,
          "1 when issues are on"},
    Field{"has_projects", "has_projects", boolean, optional, attribute,
          "1 when projects are on"},
    Field{"has_wiki", "has_wiki", boolean, optional, attribute,
          "1 when the wiki is on"},
    Field{"has_pages", "has_pages", boolean, optional, attribute,
          "1 when it publishes pages"},
    Field{"has_downloads", "has_downloads", boolean, optional, attribute,
          "1 when downloads are on"},
    Field{"has_discussions", "has_discussions", boolean, optional, attribute,
          "1 when discussions are on"},
    Field{"allow_forking", "allow_forking", boolean, optional, attribute,
          "1 when it may be forked"},
    Field{"web_commit_signoff_required", "web_commit_signoff_required", boolean, optional, attribute,
          "1 when commits on the web must be signed off"},
    Field{"mirror_url", "mirror_url", text, optional, attribute,
          "where it is a mirror of"},
    Field{"created_at", "created_at", text, optional, attribute,
          "when it was made"},
    Field{"updated_at", "updated_at", text, optional, attribute,
          "when its own data last changed"},
    Field{"pushed_at", "pushed_at", text, optional, attribute,
          "when somebody last pushed; may lie before `created_at`"},
    Field{"size", "size", integer, optional, statistic,
          "size in KB"},
    Field{"stargazers_count", "stargazers_count", integer, optional, statistic,
          "stars"},
    Field{"forks_count", "forks_count", integer, optional, statistic,
          "forks"},
    Field{"open_issues_count", "open_issues_count", integer, optional, statistic,
          "open issues and pull requests"},
};
// clang-format on

}  // namespace

Fields github_fields() {
  return kFields;
}

}  // namespace repopipe
