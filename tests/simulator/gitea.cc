#include "tests/simulator/gitea.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/simulator/target.h"

namespace repopipe::simulator {
namespace {

using nlohmann::json;

constexpr std::string_view kBelow = "/api/v1";
constexpr std::uint64_t kMostPerPage = 50;  // MAX_RESPONSE_ITEMS
constexpr std::uint64_t kDefaultPerPage = 30;
constexpr std::uint64_t kHiddenEvery = 8;
constexpr std::uint64_t kHidesAll = 5;
constexpr std::uint64_t kHidesSome = 2;

Response refused(int status, const char* reason, const std::string& message) {
  return json_response(
      status, reason,
      json{{"message", message}, {"url", "http://gitea.example/api/swagger"}}.dump());
}

std::uint64_t parameter(std::string_view query, std::string_view name, std::uint64_t otherwise) {
  for (std::size_t at = query.find(name); at != query.npos; at = query.find(name, at + 1)) {
    const bool begins = at > 0 && (query[at - 1] == '?' || query[at - 1] == '&');
    if (!begins || query.substr(at + name.size(), 1) != "=") continue;
    std::uint64_t value = 0;
    const char* first = query.data() + at + name.size() + 1;
    std::from_chars(first, query.data() + query.size(), value);
    return value > 0 ? value : otherwise;
  }
  return otherwise;
}

struct GiteaPage {
  std::uint64_t number = 1;
  std::uint64_t size = kDefaultPerPage;
  std::uint64_t last = 1;
};

// Relations in Gitea's order, without blanks, with the configured address of the server, whatever
// address was requested.
std::string gitea_links(std::string_view path, const GiteaPage& page) {
  std::string links;
  const auto add = [&](std::string_view relation, std::uint64_t number) {
    links += fmt::format("{}<http://inner.example:3000/git{}{}?limit={}&page={}>; rel=\"{}\"",
                         links.empty() ? "" : ",", kBelow, path, page.size, number, relation);
  };
  if (page.last <= 1) return links;
  if (page.number < page.last) {
    add("next", page.number + 1);
    add("last", page.last);
  }
  if (page.number > 1) {
    add("first", 1);
    add("prev", std::min(page.number - 1, page.last));
  }
  return links;
}

bool is_hidden(HiddenRecords hidden, const Account& account, std::uint64_t index) {
  if (hidden == HiddenRecords::none) return false;
  const std::uint64_t kind = account.ordinal % kHiddenEvery;
  return kind == kHidesAll || (kind == kHidesSome && index % 3 == 1);
}

// Hidden records are removed after the page was cut.
Response gitea_listing(const Source& source, HiddenRecords hidden, const Account& account,
                       std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  GiteaPage page{.number = parameter(target, "page", 1),
                 .size = std::min(parameter(target, "limit", kDefaultPerPage), kMostPerPage)};
  std::string none;
  const std::uint64_t total = source.append(account, {.first = 0, .count = 0}, none);
  page.last = std::max<std::uint64_t>(1, (total + page.size - 1) / page.size);
  std::string body = "[";
  const std::uint64_t first = (std::min(page.number, page.last + 1) - 1) * page.size;
  const std::uint64_t end = std::min(first + page.size, total);
  for (std::uint64_t i = first; i < end;) {
    std::uint64_t shown = 0;  // one after the other
    while (i + shown < end && !is_hidden(hidden, account, i + shown)) ++shown;
    if (shown > 0 && body.size() > 1) body += ',';
    if (shown > 0) source.append(account, {.first = i, .count = shown}, body);
    i += shown + 1;
  }
  Response response = json_response(200, "OK", body + "]");
  response.headers.push_back({"X-Total-Count", std::to_string(total)});
  if (std::string links = gitea_links(path, page); !links.empty()) {
    response.headers.push_back({"Link", std::move(links)});
  }
  return response;
}

Response gitea_user(const Tokens& tokens, const Request& request) {
  if (request.authorization.empty()) return refused(401, "Unauthorized", "token is required");
  const std::string login = tokens.owner_login(request.authorization);
  const std::uint64_t id = 1 + std::hash<std::string>{}(login) % 1'000'000;
  return json_response(200, "OK", json{{"id", id}, {"login", login}, {"username", login}}.dump());
}

// In the server's time zone; second 0 if it was never set.
std::string zoned(const std::optional<Instant>& time) {
  constexpr std::chrono::hours kZone{2};
  const Instant local = time.value_or(Instant{}) + kZone;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+02:00", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

json gitea_owner(const Account& owner) {
  return {{"id", owner.id},
          {"login", owner.login},
          {"full_name", ""},
          {"email", owner.login + "@noreply.gitea.example"},
          {"created", zoned(Instant{})},
          {"last_login", "0001-01-01T00:00:00Z"},
          {"visibility", owner.ordinal % 4 == 3 ? "limited" : "public"},
          {"username", owner.login}};
}

json gitea_licenses(const Repository& repository) {
  json licenses = json::array();
  if (repository.license != nullptr && !repository.license->spdx_id.empty()) {
    licenses.push_back(repository.license->spdx_id);
  }
  return licenses;
}

}  // namespace

void append_gitea_repository(std::string& out, const Account& owner, const Repository& repository) {
  const json topics = repository.topics.empty() ? json() : json(repository.topics);
  const json record{{"id", repository.id},
                    {"owner", gitea_owner(owner)},
                    {"name", repository.name},
                    {"full_name", owner.login + "/" + repository.name},
                    {"description", repository.description.value_or("")},
                    {"empty", false},
                    {"private", false},
                    {"fork", repository.fork},
                    {"template", repository.is_template},
                    {"parent", nullptr},
                    {"mirror", repository.mirror.has_value()},
                    {"size", repository.counts.kilobytes},
                    {"language", repository.language.value_or("")},
                    {"html_url", "http://gitea.example/" + owner.login + "/" + repository.name},
                    {"original_url", repository.mirror.value_or("")},
                    {"website", repository.homepage.value_or("")},
                    {"stars_count", repository.counts.stars},
                    {"forks_count", repository.counts.forks},
                    {"watchers_count", 1},
                    {"open_issues_count", repository.counts.open_issues},
                    {"open_pr_counter", repository.counts.open_issues / 2},
                    {"release_counter", 0},
                    {"default_branch", repository.default_branch},
                    {"archived", repository.archived},
                    {"created_at", zoned(repository.created)},
                    {"updated_at", zoned(repository.updated)},
                    {"archived_at", zoned(std::nullopt)},
                    {"has_issues", repository.features.issues},
                    {"has_wiki", repository.features.wiki},
                    {"has_projects", repository.features.projects},
                    {"has_pull_requests", repository.features.pull_requests},
                    {"internal", false},
                    {"object_format_name", "sha1"},
                    {"topics", topics},
                    {"licenses", gitea_licenses(repository)}};
  out += record.dump(-1, ' ', repository.escaped);
}

Response gitea_response(const Source& source, Tokens& tokens, HiddenRecords hidden,
                        const Request& request) {
  std::string_view target = request.target;
  if (request.method != Method::get || !target.starts_with(kBelow)) {
    return html_response(404, "Not Found", "<html><body>Page Not Found</body></html>");
  }
  target.remove_prefix(kBelow.size());
  if (!tokens.use(request.authorization)) {
    return refused(401, "Unauthorized",
                   fmt::format("access token does not exist [sha: {}]", request.authorization));
  }
  if (target == "/version") return json_response(200, "OK", R"({"version":"1.26.3"})");
  if (target == "/user") return gitea_user(tokens, request);
  const auto asked = parse_target(target);
  const bool is_listing = asked && asked->kind == PageKind::listing;
  const auto* login = is_listing ? std::get_if<std::string>(&asked->account) : nullptr;
  const auto account = login == nullptr ? std::nullopt : source.find(Login{*login});
  if (!account) {
    return refused(404, "Not Found",
                   fmt::format("user redirect does not exist [name: {}]", login ? *login : ""));
  }
  if (!account->by_former_login) return gitea_listing(source, hidden, *account, target);
  const std::size_t query = std::min(target.find('?'), target.size());
  Response moved{.status = 307, .reason = "Temporary Redirect"};
  moved.headers.push_back({"Location", fmt::format("{}/users/{}/repos{}", kBelow, account->login,
                                                   target.substr(query))});
  return moved;
}

}  // namespace repopipe::simulator
