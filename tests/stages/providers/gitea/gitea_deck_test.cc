// Responses of Gitea, Forgejo and their proxies, each with its expected result.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "pipeline/model/provider.h"
#include "stages/parse/rest.h"
#include "stages/providers/gitea/gitea.h"
#include "tests/stages/fetch/deal.h"

namespace repopipe {
namespace {

using testing::Asked;
using testing::Card;
using testing::Wire;
using enum testing::Asked;

constexpr std::string_view kBase = "https://git.example/api/v1";

#define RECORD(id) \
  "{\"id\":" id ",\"name\":\"a\",\"full_name\":\"o/a\",\"owner\":{\"id\":7,\"login\":\"o\"}}"
#define LINK(page, relation) \
  "<http://inner:3000/git/api/v1/users/o/repos?limit=50&page=" page ">; rel=\"" relation "\""
#define SAYS(text) "{\"message\":\"" text "\",\"url\":\"https://git.example/api/swagger\"}"

constexpr std::string_view kPage = "[" RECORD("1") "]";
constexpr std::string_view kHtml = "<!DOCTYPE html><html><body>Checking your browser</body></html>";

// clang-format off
constexpr Card kGiteaCards[] = {
  {"a page", page, 200, "x-total-count: 1", kPage, "page of 1"},
  {"a page in gzip, by a proxy", page, 200, "x-total-count: 1", kPage, "page of 1", Wire::gzip},
  {"an empty page", page, 200, "x-total-count: 0", "[]", "page of 0"},
  {"a page that hides all", page, 200, "x-total-count: 4", "[]", "page of 0"},
  {"the first of three", page, 200, "x-total-count: 120\nlink: " LINK("2", "next") "," LINK("3", "last"), kPage, "page of 1, then 2 3"},
  {"the first of three, empty", page, 200, "x-total-count: 120\nlink: " LINK("2", "next") "," LINK("3", "last"), "[]", "page of 0, then 2 3"},
  {"a page in the middle, short", middle_page, 200, "x-total-count: 180\nlink: " LINK("3", "next") "," LINK("4", "last"), kPage, "page of 1"},
  {"a page in the middle that tells of more", full_page, 200, "x-total-count: 300\nlink: " LINK("5", "next") "," LINK("6", "last"), kPage, "page of 1, then 5 6"},
  {"the last page", full_page, 200, "x-total-count: 180\nlink: " LINK("1", "first") "," LINK("3", "prev"), kPage, "page of 1"},
  {"a page behind the last", full_page, 200, "x-total-count: 150\nlink: " LINK("1", "first") "," LINK("3", "prev"), "[]", "page of 0"},
  {"three pages without a link", page, 200, "x-total-count: 120", kPage, "page of 1, then 2 3"},
  {"the last by the total, of pages that are smaller", full_page, 200, "x-total-count: 180", kPage, "page of 1, then 5"},
  {"behind the last by the total", full_page, 200, "x-total-count: 180", "[]", "page of 0"},
  {"neither total nor link", page, 200, "", kPage, "page of 1, then 2"},
  {"neither total nor link, and empty", page, 200, "", "[]", "page of 0"},
  {"a total that is no number", page, 200, "x-total-count: many", "[]", "page of 0"},
  {"a total beyond reason", page, 200, "x-total-count: 18446744073709551615", kPage, "bad_record request"},
  {"a last page beyond reason", page, 200, "link: " LINK("999999999", "last"), kPage, "bad_record request"},
  {"a last page without a number", page, 200, "link: <http://inner/x>; rel=\"last\"", kPage, "bad_record request"},
  {"an ETag of a proxy is not kept", page, 200, "x-total-count: 1\netag: \"a\"", kPage, "page of 1"},
  {"a null among the records", page, 200, "x-total-count: 2", "[" RECORD("1") ",null]", "page of 1, 1 unnamed"},
  {"nulls beside a bad record", page, 200, "x-total-count: 4", "[" RECORD("1") ",null,null,{\"id\":9}]", "page of 1, not 9, 2 unnamed"},
  {"escapes as Go writes them", page, 200, "x-total-count: 1", R"([{"id":1,"name":"a","full_name":"o/a","description":"\u003ca\u003e \u0026 \u2028","owner":{"id":7,"login":"o"}}])", "page of 1"},
  {"an account", owner, 200, "", R"({"id":7,"login":"o","username":"o"})", "account 7 o"},

  {"renamed", page, 307, "location: /api/v1/users/new/repos?limit=50&page=1", "", "moved to /users/new/repos?limit=50&page=1"},
  {"renamed, 1.16", page, 302, "location: /api/v1/users/new/repos?limit=50&page=1", "", "moved to /users/new/repos?limit=50&page=1"},
  {"renamed to a path outside the API", page, 307, "location: /api/new/users/v1/repos?limit=50&page=1", "", "unexpected_status request"},
  {"a redirect to the page of a proxy", page, 302, "location: https://login.example/start", "", "malformed request"},
  {"a redirect without an end", sixth_hop, 307, "location: /api/v1/users/b/repos", "", "unexpected_status request"},

  {"401", page, 401, "", SAYS("user does not exist [uid: 0, name: ]"), "bad_token principal"},
  {"401 that repeats the token", page, 401, "", SAYS("access token does not exist [sha: 0123456789abcdef0123456789abcdef01234567]"), "bad_token principal"},
  {"401 that wants a token", page, 401, "", SAYS("token is required"), "bad_token principal"},
  {"401 of a token's own request", owner, 401, "", SAYS("invalid username, password or token"), "bad_token principal"},
  {"401 of a proxy", page, 401, "", kHtml, "malformed request"},
  {"403 that wants people signed in", page, 403, "", SAYS("Only signed in user is allowed to call APIs."), "bad_token principal"},
  {"403 for want of a scope", page, 403, "", SAYS("token does not have at least one of required scope(s): [read:user]"), "bad_token principal"},
  {"403 of a token for public things", page, 403, "", SAYS("token scope is limited to public repos"), "bad_token principal"},
  {"403 of an account that is not activated", page, 403, "", SAYS("This account is not activated."), "bad_token principal"},
  {"403 of an account that is prohibited", page, 403, "", SAYS("This account is prohibited from signing in, please contact your site administrator."), "bad_token principal"},
  {"403 of a password that is to change", page, 403, "", SAYS("You must change your password. Change it at: https://git.example/user/change_password"), "bad_token principal"},
  {"403 for want of a second factor", page, 403, "", SAYS("Only authorized users with two-factor are allowed"), "bad_token principal"},
  {"403 for another reason", page, 403, "", SAYS("forbidden"), "blocked request"},
  {"403 of a proxy", page, 403, "", kHtml, "throttled everybody"},
  {"403 of a proxy that says how long", page, 403, "retry-after: 30", kHtml, "throttled everybody, wait 30 s"},
  {"404", page, 404, "", SAYS("user redirect does not exist [name: x]"), "not_found request"},
  {"404 in plain text", page, 404, "", "Not Found\n", "not_found request"},
  {"404 without a word", page, 404, "", "", "not_found request"},
  {"404 of a proxy", page, 404, "", kHtml, "malformed request"},
  {"422", page, 422, "", SAYS("Invalid sort mode"), "unexpected_status request"},
  {"429", page, 429, "", "", "throttled everybody"},
  {"429 that says how long", page, 429, "retry-after: 60", "Too many requests", "throttled everybody, wait 60 s"},
  {"200 with a page of HTML", page, 200, "", kHtml, "throttled everybody"},
  {"500 without a word", page, 500, "", SAYS(""), "server_error request"},
  {"502 of a proxy", page, 502, "", kHtml, "server_error request"},
  {"503 of the server", page, 503, "retry-after: 5", SAYS("maintenance"), "server_error request, wait 5 s"},
  {"503 of a proxy", page, 503, "", kHtml, "throttled everybody"},
  {"a page of another API", page, 200, "", "{}", "malformed request"},
  {"half a page", page, 200, "", "[" RECORD("1"), "malformed request"},
  {"half a page in gzip", page, 200, "", kPage, "transport request", Wire::cut_gzip},
};
// clang-format on

Request gitea_request(Asked asked) {
  const auto numbered = [](int number, int last) {
    return Request{.target = "/users/o/repos?limit=50&page=" + std::to_string(number),
                   .page = number,
                   .last_announced = last};
  };
  Request request = numbered(1, 1);
  if (asked == middle_page) return numbered(2, 4);
  if (asked == full_page) return numbered(4, 4);
  if (asked == sixth_hop) request.redirects = 5;
  if (asked == owner) return {.kind = RequestKind::owner, .target = "/user", .page = 0};
  return request;
}

TaskResult deal_gitea(Asked asked, Response response) {
  static const RestProtocol protocol(kGitea, {std::string(kBase), 50});
  static const SystemClock clock;
  static ParseScratch scratch;
  const auto task =
      std::make_shared<PendingTask>(Task{.login = "o", .request = gitea_request(asked)});
  return parse_response({.task = task, .response = std::move(response)}, protocol, Bytes{1 << 20},
                        clock, scratch);
}

TEST(GiteaDeck, ResponsesMeanWhatTheServersDocument) {
  std::set<std::string_view> names;
  for (const Card& card : kGiteaCards) {
    EXPECT_TRUE(names.insert(card.name).second) << card.name;
    const TaskResult result = deal_gitea(card.asked, response_of(card));
    EXPECT_EQ(testing::outcome_of(result), std::string(card.outcome)) << card.name;
    EXPECT_EQ(result.log.error.find("0123456789abcdef"), std::string::npos) << card.name;
  }
}

TEST(Gitea, AsksBelowTheBaseAddressByLoginOnly) {
  const RestProtocol protocol(kGitea, {std::string(kBase), 50});
  EXPECT_EQ(protocol.ask(ListingOf{"a.b"}).target, "/users/a.b/repos?limit=50&page=1");
  EXPECT_EQ(protocol.ask(ListingOf{"a", 20}).target, "/users/a/repos?limit=20&page=1");
  EXPECT_EQ(protocol.ask(WhoseToken{}).target, "/user");
  EXPECT_FALSE(protocol.knows_numbers(kRepositoriesId));
}

TEST(Gitea, ReadsTheTotalAndBuildsItsOwnPaths) {
  const TaskResult result = deal_gitea(
      page,
      {.status = 200,
       .headers = {{"X-Total-Count", "70"}, {"Link", LINK("2", "next") "," LINK("2", "last")}},
       .body = std::string(kPage)});
  ASSERT_TRUE(result.result);
  const auto& read = std::get<PageRead>(*result.result);
  EXPECT_EQ(read.total, 70U);
  EXPECT_EQ(read.follow_ups,
            (std::vector<Request>{
                {.target = "/users/o/repos?limit=50&page=2", .page = 2, .last_announced = 2}}));
  EXPECT_EQ(read.page.validator.etag, "");
}

// The cells of a page by column.
CellView cell(const TaskResult& result, std::string_view column, std::size_t row = 0) {
  const RecordBatch& rows = std::get<PageRead>(*result.result).page.rows;
  const auto field = std::ranges::find(rows.fields(), column, &Field::column);
  return rows.at(row, static_cast<std::size_t>(field - rows.fields().begin()));
}

TaskResult page_with(const std::string& members) {
  return deal_gitea(
      page,
      {.status = 200, .body = "[{\"id\":1,\"name\":\"a\",\"full_name\":\"o/a\"," + members + "}]"});
}

TEST(GiteaRepositories, HaveTheirOwnVisibilityOrThatOfTheirOwner) {
  const auto visibility = [](const std::string& own, const std::string& of_owner) {
    const TaskResult result =
        page_with(own + "\"owner\":{\"id\":7,\"login\":\"o\",\"visibility\":\"" + of_owner + "\"}");
    const CellView told = cell(result, "visibility");
    return std::string(std::get<std::string_view>(told));
  };
  EXPECT_EQ(visibility("", "public"), "public");
  EXPECT_EQ(visibility("\"private\":false,\"internal\":false,", "limited"), "limited");
  EXPECT_EQ(visibility("\"private\":true,\"internal\":true,", "public"), "private");
  EXPECT_EQ(visibility("\"internal\":true,", "private"), "internal");
}

TEST(GiteaRepositories, AreMirrorsOfWhatTheyWereImportedFromOnlyIfTheySaySo) {
  const std::string owner = "\"owner\":{\"id\":7,\"login\":\"o\"},";
  const std::string origin = "\"original_url\":\"https://x.example/a.git\"";
  EXPECT_EQ(cell(page_with(owner + "\"mirror\":true," + origin), "mirror_url"),
            CellView("https://x.example/a.git"));
  EXPECT_EQ(cell(page_with(owner + "\"mirror\":false," + origin), "mirror_url"),
            CellView(std::monostate{}));
}

TEST(GiteaRepositories, HaveAnyNumberOfLicences) {
  const auto license = [](const std::string& list) {
    const TaskResult result =
        page_with("\"licenses\":" + list + ",\"owner\":{\"id\":7,\"login\":\"o\"}");
    const CellView told = cell(result, "license_spdx_id");
    const auto* text = std::get_if<std::string_view>(&told);
    return text == nullptr ? std::string("null") : std::string(*text);
  };
  EXPECT_EQ(license("[\"MIT\"]"), "MIT");
  EXPECT_EQ(license("[\"Apache-2.0\", \"MIT\"]"), "Apache-2.0, MIT");
  EXPECT_EQ(license("[]"), "null");
  EXPECT_EQ(license("null"), "null");
}

// Forgejo has topics that are null, and a whole repository inside of one.
TEST(GiteaRepositories, KeepTimesAsUtcAndTheNumberOfTheParent) {
  const TaskResult result = page_with(
      "\"owner\":{\"id\":7,\"login\":\"o\"},\"topics\":null,"
      "\"created_at\":\"2024-07-01T01:30:00+02:00\",\"updated_at\":\"1970-01-01T01:00:00+01:00\","
      "\"parent\":{\"id\":5,\"name\":\"p\",\"full_name\":\"q/p\",\"stars_count\":9,"
      "\"owner\":{\"id\":8,\"login\":\"q\",\"email\":\"q@mail.example\"},\"parent\":null}");
  EXPECT_EQ(cell(result, "created_at"), CellView("2024-06-30T23:30:00Z"));
  EXPECT_EQ(cell(result, "updated_at"), CellView(std::monostate{}));
  EXPECT_EQ(cell(result, "parent_id"), CellView(std::int64_t{5}));
  EXPECT_EQ(cell(result, "full_name"), CellView("o/a"));
  EXPECT_EQ(cell(result, "stargazers_count"), CellView(std::monostate{}));
  EXPECT_EQ(cell(result, "topics"), CellView(std::monostate{}));
}

}  // namespace
}  // namespace repopipe
