#include "tests/simulator/object_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "tests/simulator/node_id.h"

namespace repopipe::simulator {
namespace {

constexpr std::string_view kApi = "https://api.github.com";
constexpr std::string_view kSite = "https://github.com";

struct Address {
  std::string_view key, ending;
};

constexpr std::array<Address, 9> kAccountAddresses = {{
    {"followers_url", "/followers"},
    {"following_url", "/following{/other_user}"},
    {"gists_url", "/gists{/gist_id}"},
    {"starred_url", "/starred{/owner}{/repo}"},
    {"subscriptions_url", "/subscriptions"},
    {"organizations_url", "/orgs"},
    {"repos_url", "/repos"},
    {"events_url", "/events{/privacy}"},
    {"received_events_url", "/received_events"},
}};

constexpr std::array<Address, 37> kRepositoryAddresses = {{
    {"url", ""},
    {"forks_url", "/forks"},
    {"keys_url", "/keys{/key_id}"},
    {"collaborators_url", "/collaborators{/collaborator}"},
    {"teams_url", "/teams"},
    {"hooks_url", "/hooks"},
    {"issue_events_url", "/issues/events{/number}"},
    {"events_url", "/events"},
    {"assignees_url", "/assignees{/user}"},
    {"branches_url", "/branches{/branch}"},
    {"tags_url", "/tags"},
    {"blobs_url", "/git/blobs{/sha}"},
    {"git_tags_url", "/git/tags{/sha}"},
    {"git_refs_url", "/git/refs{/sha}"},
    {"trees_url", "/git/trees{/sha}"},
    {"statuses_url", "/statuses/{sha}"},
    {"languages_url", "/languages"},
    {"stargazers_url", "/stargazers"},
    {"contributors_url", "/contributors"},
    {"subscribers_url", "/subscribers"},
    {"subscription_url", "/subscription"},
    {"commits_url", "/commits{/sha}"},
    {"git_commits_url", "/git/commits{/sha}"},
    {"comments_url", "/comments{/number}"},
    {"issue_comment_url", "/issues/comments{/number}"},
    {"contents_url", "/contents/{+path}"},
    {"compare_url", "/compare/{base}...{head}"},
    {"merges_url", "/merges"},
    {"archive_url", "/{archive_format}{/ref}"},
    {"downloads_url", "/downloads"},
    {"issues_url", "/issues{/number}"},
    {"pulls_url", "/pulls{/number}"},
    {"milestones_url", "/milestones{/number}"},
    {"notifications_url", "/notifications{?since,all,participating}"},
    {"labels_url", "/labels{/name}"},
    {"releases_url", "/releases{/id}"},
    {"deployments_url", "/deployments"},
}};

template <typename... Values>
void put(std::string& out, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Values>(values)...);
}

template <std::size_t size>
void put_addresses(std::string& out, const std::array<Address, size>& addresses,
                   std::string_view root) {
  for (const Address& address : addresses) {
    out.append(",\"").append(address.key).append("\":\"");
    out.append(root).append(address.ending).append("\"");
  }
}

enum class Escapes { raw, ascii };

std::string json_text(std::string_view text, Escapes escapes = Escapes::raw) {
  return nlohmann::json(text).dump(-1, ' ', escapes == Escapes::ascii);
}

// For strings that need no escapes.
std::string plain_text(const std::optional<std::string_view>& text) {
  return text ? fmt::format("\"{}\"", *text) : "null";
}

std::string time_text(const std::optional<Instant>& instant) {
  if (!instant) return "null";
  const auto day = std::chrono::floor<std::chrono::days>(*instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(*instant - day);
  return fmt::format("\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z\"", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string_view type_of(const Account& account) {
  return account.kind == AccountKind::user ? "User" : "Organization";
}

// Without the closing brace.
void put_account(std::string& out, const Account& account) {
  const std::string node = account.ordinal % 2 == 0 ? old_node_id(type_of(account), account.id)
                                                    : new_node_id(type_of(account), account.id);
  put(out, R"({{"login":"{}","id":{},"node_id":"{}",)", account.login, account.id, node);
  put(out, R"("avatar_url":"https://avatars.githubusercontent.com/u/{}?v=4",)", account.id);
  put(out, R"("gravatar_id":"","url":"{}/users/{}","html_url":"{}/{}")", kApi, account.login, kSite,
      account.login);
  put_addresses(out, kAccountAddresses, fmt::format("{}/users/{}", kApi, account.login));
  put(out, R"(,"type":"{}","user_view_type":"public","site_admin":false)", type_of(account));
}

void put_license(std::string& out, const License* license) {
  if (license == nullptr) {
    out += "null";
    return;
  }
  const std::string url =
      license->has_url ? fmt::format("\"{}/licenses/{}\"", kApi, license->key) : "null";
  const std::string spdx =
      license->spdx_id.empty() ? "null" : fmt::format("\"{}\"", license->spdx_id);
  put(out, R"({{"key":"{}","name":{},"spdx_id":{},"url":{},"node_id":"{}"}})", license->key,
      json_text(license->name), spdx, url, license->node_id);
}

void put_heading(std::string& out, const Account& owner, const Repository& repository) {
  const std::string node =
      repository.created < Instant{std::chrono::sys_days{std::chrono::year{2021} / 10 / 1}}
          ? old_node_id("Repository", repository.id)
          : new_node_id("Repository", repository.id);
  put(out, R"({{"id":{},"node_id":"{}","name":"{}",)", repository.id, node, repository.name);
  put(out, R"("full_name":"{}/{}","private":false,"owner":)", owner.login, repository.name);
  put_account(out, owner);
  put(out, R"(}},"html_url":"{}/{}/{}","description":)", kSite, owner.login, repository.name);
  out += repository.description ? json_text(*repository.description,
                                            repository.escaped ? Escapes::ascii : Escapes::raw)
                                : "null";
  put(out, R"(,"fork":{})", repository.fork);
  put_addresses(out, kRepositoryAddresses,
                fmt::format("{}/repos/{}/{}", kApi, owner.login, repository.name));
}

void put_clone_addresses(std::string& out, const Account& owner, const Repository& repository) {
  const std::string full_name = fmt::format("{}/{}", owner.login, repository.name);
  put(out, R"(,"created_at":{},"updated_at":{},"pushed_at":{})", time_text(repository.created),
      time_text(repository.updated), time_text(repository.pushed));
  put(out, R"(,"git_url":"git://github.com/{}.git","ssh_url":"git@github.com:{}.git")", full_name,
      full_name);
  put(out, R"(,"clone_url":"{}/{}.git","svn_url":"{}/{}","homepage":)", kSite, full_name, kSite,
      full_name);
  out += repository.homepage ? json_text(*repository.homepage) : "null";
}

void put_statistics(std::string& out, const Repository& repository) {
  const Counts& counts = repository.counts;
  const Features& has = repository.features;
  put(out, R"(,"size":{},"stargazers_count":{},"watchers_count":{},"language":{})",
      counts.kilobytes, counts.stars, counts.stars, plain_text(repository.language));
  put(out, R"(,"has_issues":{},"has_projects":{},"has_downloads":{},"has_wiki":{})", has.issues,
      has.projects, has.downloads, has.wiki);
  put(out, R"(,"has_pages":{},"has_discussions":{},"forks_count":{},"mirror_url":{})", has.pages,
      has.discussions, counts.forks, plain_text(repository.mirror));
  put(out, R"(,"archived":{},"disabled":{},"open_issues_count":{},"license":)", repository.archived,
      repository.disabled, counts.open_issues);
  put_license(out, repository.license);
}

void put_ending(std::string& out, const Repository& repository) {
  const Counts& counts = repository.counts;
  put(out, R"(,"allow_forking":true,"is_template":{},"web_commit_signoff_required":false)",
      repository.is_template);
  put(out, R"(,"has_pull_requests":{},"pull_request_creation_policy":"all","topics":[)",
      repository.features.pull_requests);
  for (std::size_t i = 0; i < repository.topics.size(); ++i) {
    put(out, R"({}"{}")", i == 0 ? "" : ",", repository.topics[i]);
  }
  put(out, R"(],"visibility":"public","forks":{},"open_issues":{},"watchers":{})", counts.forks,
      counts.open_issues, counts.stars);
  put(out, R"(,"default_branch":"{}","permissions":{{"admin":false,"maintain":false,)",
      repository.default_branch);
  out += R"("push":false,"triage":false,"pull":true}})";
}

}  // namespace

void append_repository(std::string& out, const Account& owner, const Repository& repository) {
  put_heading(out, owner, repository);
  put_clone_addresses(out, owner, repository);
  put_statistics(out, repository);
  put_ending(out, repository);
}

void append_member(std::string& out, const Account& member) {
  put_account(out, member);
  out += '}';
}

std::string account_object(const Account& account, std::uint64_t public_repositories) {
  std::string out;
  put_account(out, account);
  put(out, R"(,"name":null,"company":null,"blog":"","location":null,"email":null,"hireable":null)");
  put(out, R"(,"bio":null,"twitter_username":null,"public_repos":{},"public_gists":0)",
      public_repositories);
  put(out, R"(,"followers":{},"following":0,"created_at":{},"updated_at":{}}})", account.id % 977,
      time_text(kDayZero - std::chrono::days(account.id % 5000)), time_text(kDayZero));
  return out;
}

}  // namespace repopipe::simulator
