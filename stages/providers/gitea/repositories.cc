// The stored fields of a repository; a column with GitHub's meaning has GitHub's name. Source: the
// response of GET /users/{username}/repos, Gitea 1.16 to 1.26 and Forgejo 7 to 14.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "pipeline/model/records.h"
#include "stages/providers/gitea/gitea.h"

namespace repopipe {
namespace {

using enum FieldType;
using enum Presence;
using enum Role;

// clang-format off
constexpr std::array kFields{
    Field{"id", "id", integer, required, attribute, Identity::yes,
          "the server's number of the repository"},
    Field{"name", "name", text, required, attribute, Identity::no,
          "name without the owner"},
    Field{"full_name", "full_name", text, required, attribute, Identity::no,
          "owner and name: `octocat/hello`"},
    Field{"owner.id", "owner_id", integer, required, account_id, Identity::no,
          "account that owns it: `users.id`"},
    Field{"owner.login", "owner_login", text, required, account_login, Identity::no,
          "login of the owner"},
    Field{"private", "private", boolean, optional, attribute, Identity::no,
          "1: only its members see it"},
    Field{"internal", "internal", boolean, optional, attribute, Identity::no,
          "1: the members of its private owner see it"},
    Field{"owner.visibility", "visibility", text, optional, attribute, Identity::no,
          "`private`, `internal`, or else that of the owner: `public`, `limited`"},
    Field{"html_url", "html_url", text, optional, attribute, Identity::no,
          "its page on the server"},
    Field{"description", "description", text, optional, attribute, Identity::no,
          "one line by its owner; often empty"},
    Field{"empty", "empty", boolean, optional, attribute, Identity::no,
          "1: it has no code"},
    Field{"fork", "fork", boolean, optional, attribute, Identity::no,
          "1: it began as a copy of another one"},
    Field{"parent.id", "parent_id", integer, optional, attribute, Identity::no,
          "the repository that it is a fork of"},
    Field{"mirror", "mirror", boolean, optional, attribute, Identity::no,
          "1: the server keeps it like another one"},
    Field{"original_url", "mirror_url", text, optional, attribute, Identity::no,
          "what it is a mirror of"},
    Field{"website", "homepage", text, optional, attribute, Identity::no,
          "web site; often empty"},
    Field{"language", "language", text, optional, attribute, Identity::no,
          "the language with the most code; empty until the server has counted"},
    Field{"licenses", "licenses", text_list, optional, attribute, Identity::no,
          "SPDX identifiers of its licences as a JSON array"},
    Field{"", "license_spdx_id", text, optional, attribute, Identity::no,
          "the same, joined by commas"},
    Field{"default_branch", "default_branch", text, optional, attribute, Identity::no,
          "the main branch"},
    Field{"object_format_name", "object_format_name", text, optional, attribute, Identity::no,
          "`sha1` or `sha256`"},
    Field{"topics", "topics", text_list, optional, attribute, Identity::no,
          "topics as a JSON array"},
    Field{"template", "is_template", boolean, optional, attribute, Identity::no,
          "1: it is a template"},
    Field{"archived", "archived", boolean, optional, attribute, Identity::no,
          "1: read-only"},
    Field{"has_issues", "has_issues", boolean, optional, attribute, Identity::no,
          "1: issues are on"},
    Field{"has_projects", "has_projects", boolean, optional, attribute, Identity::no,
          "1: projects are on"},
    Field{"has_wiki", "has_wiki", boolean, optional, attribute, Identity::no,
          "1: the wiki is on"},
    Field{"has_pull_requests", "has_pull_requests", boolean, optional, attribute, Identity::no,
          "1: pull requests are on"},
    Field{"has_actions", "has_actions", boolean, optional, attribute, Identity::no,
          "1: actions are on"},
    Field{"has_packages", "has_packages", boolean, optional, attribute, Identity::no,
          "1: packages are on"},
    Field{"has_releases", "has_releases", boolean, optional, attribute, Identity::no,
          "1: releases are on"},
    Field{"created_at", "created_at", time, optional, attribute, Identity::no,
          "when it was created"},
    Field{"updated_at", "updated_at", time, optional, attribute, Identity::no,
          "when it was last pushed to or edited"},
    Field{"archived_at", "archived_at", time, optional, attribute, Identity::no,
          "when it was archived"},
    Field{"size", "size", integer, optional, statistic, Identity::no,
          "size in KiB, with large files"},
    Field{"stars_count", "stargazers_count", integer, optional, statistic, Identity::no,
          "stars"},
    Field{"forks_count", "forks_count", integer, optional, statistic, Identity::no,
          "forks"},
    Field{"watchers_count", "watchers_count", integer, optional, statistic, Identity::no,
          "people who watch it"},
    Field{"open_issues_count", "open_issues_count", integer, optional, statistic, Identity::no,
          "open issues, without pull requests"},
    Field{"open_pr_counter", "open_pr_counter", integer, optional, statistic, Identity::no,
          "open pull requests"},
    Field{"release_counter", "release_counter", integer, optional, statistic, Identity::no,
          "releases"},
};
// clang-format on

// The list is ordered by id.
constexpr std::array kRoutes{Route{.name = "rest",
                                   .entry = "",
                                   .path = "/users/{login}/repos",
                                   .path_by_id = "",
                                   .page_size = "limit",
                                   .most = 50,
                                   .paging = Paging::numbers,
                                   .total = "x-total-count"}};

constexpr std::size_t index_of(std::string_view column) {
  return static_cast<std::size_t>(std::ranges::find(kFields, column, &Field::column) -
                                  kFields.begin());
}

constexpr std::size_t kPrivate = index_of("private");
constexpr std::size_t kInternal = index_of("internal");
constexpr std::size_t kVisibility = index_of("visibility");
constexpr std::size_t kMirror = index_of("mirror");
constexpr std::size_t kMirrorUrl = index_of("mirror_url");
constexpr std::size_t kLicenses = index_of("licenses");
constexpr std::size_t kLicense = index_of("license_spdx_id");

// "MIT, 0BSD" for `["MIT","0BSD"]`.  Nothing: the list is empty.
std::optional<std::string> joined(std::string_view list) {
  std::string text;
  bool is_inside = false;
  for (const char c : list) {
    if (c == '"') {
      is_inside = !is_inside;
    } else if (is_inside || c == ',') {
      text += is_inside ? std::string(1, c) : std::string(", ");
    }
  }
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

void derive_row(RecordBatch& rows, std::size_t row) {
  const auto is_set = [&](std::size_t field) {
    return rows.at(row, field) == CellView(std::int64_t{1});
  };
  if (is_set(kPrivate)) {
    rows.set_text(row, kVisibility, "private");
  } else if (is_set(kInternal)) {
    rows.set_text(row, kVisibility, "internal");
  }
  if (!is_set(kMirror)) rows.set_null(row, kMirrorUrl);  // it was only imported from there
  const CellView licenses = rows.at(row, kLicenses);
  const auto* list = std::get_if<std::string_view>(&licenses);
  if (const auto license = list ? joined(*list) : std::nullopt) {
    rows.set_text(row, kLicense, *license);
  }
}

void derive(RecordBatch& rows) {
  for (std::size_t row = 0; row < rows.rows(); ++row) derive_row(rows, row);
}

}  // namespace

constexpr Resource kGiteaRepositories{.id = 1,
                                      .name = "repositories",
                                      .table = "repos",
                                      .item = "repo",
                                      .fields = kFields,
                                      .routes = kRoutes,
                                      .parent = {"owner_id", Identity::no},
                                      .if_missing = IfMissing::gone,
                                      .derive = derive};

}  // namespace repopipe
