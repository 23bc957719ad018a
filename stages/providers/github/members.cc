// The public members of an organisation.  Source: the response schema of GET /orgs/{org}/members in
// GitHub's REST API, 2022-11-28.  The records lack the number of the organisation.
#include <array>

#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

using enum FieldType;
using enum Presence;
using enum Role;

// clang-format off
constexpr std::array kFields{
    Field{"id", "user_id", integer, required, account_id, Identity::yes,
          "member: `users.id`"},
    Field{"login", "login", text, required, account_login, Identity::no,
          "login of the member"},
    Field{"type", "type", text, optional, account_kind, Identity::no,
          "`User`"},
    Field{"site_admin", "site_admin", boolean, optional, attribute, Identity::no,
          "1: works for GitHub"},
};
// clang-format on

// Redirects and links use the address by number.
constexpr std::array kRoutes{Route{.name = "rest",
                                   .entry = "members",
                                   .path = "/orgs/{login}/members",
                                   .path_by_id = "/organizations/{id}/members",
                                   .page_size = "per_page",
                                   .most = 100,
                                   .paging = Paging::links,
                                   .revalidation = Revalidation::etag}};

}  // namespace

constexpr Resource kGithubMembers{.id = 2,
                                  .name = "members",
                                  .table = "members",
                                  .item = "member",
                                  .fields = kFields,
                                  .routes = kRoutes,
                                  .parent = {"org_id", Identity::yes},
                                  .if_missing = IfMissing::stay_ends,
                                  .expands = true};

}  // namespace repopipe
