#include "stages/providers/github/github.h"

#include <gtest/gtest.h>

#include <set>

#include "stages/parse/json_value.h"
#include "stages/parse/rest.h"

namespace repopipe {
namespace {

constexpr std::string_view kBase = "https://api.github.com";

RestProtocol github(int per_page = 100) {
  return RestProtocol(kGithub, {std::string(kBase), per_page});
}

std::string target(int page, int per_page = 100) {
  return "/user/7/repos?per_page=" + std::to_string(per_page) + "&page=" + std::to_string(page);
}

std::string link(int page, const std::string& relation, int per_page = 100) {
  return "<" + std::string(kBase) + target(page, per_page) + ">; rel=\"" + relation + "\"";
}

Task task_for(int page, int last_announced, int per_page = 100) {
  return {.login = "octocat",
          .request = {
              .target = target(page, per_page), .page = page, .last_announced = last_announced}};
}

Response ok(Headers headers) {
  return {.status = 200, .headers = std::move(headers)};
}

std::string body_of(int repositories) {
  std::string body;
  for (int i = 1; i <= repositories; ++i) {
    const std::string id = std::to_string(i);
    body += (i == 1 ? "{\"id\":" : ",{\"id\":") + id + ",\"name\":\"r\",\"full_name\":\"o/r" + id +
            "\",\"owner\":{\"id\":7,\"login\":\"o\"}}";
  }
  return "[" + body + "]";
}

PageRead listed(const Task& task, Headers headers, int repositories = 1) {
  JsonScratch scratch;
  std::string body = body_of(repositories);
  const std::size_t length = body.size();
  body.resize(length + kPadding);
  const PaddedText text{std::string_view(body).substr(0, length), body.size()};
  auto answer = github().read(task, ok(std::move(headers)), text, scratch);
  if (!answer) {
    ADD_FAILURE() << answer.error().message;
    return {};
  }
  return std::get<PageRead>(std::move(*answer));
}

std::vector<int> pages_of(const PageRead& listed) {
  std::vector<int> pages;
  for (const Request& request : listed.follow_ups) pages.push_back(request.page);
  return pages;
}

TEST(GithubProvider, AsksForOwnRepositoriesByName) {
  EXPECT_EQ(
      github(50).ask(ListingOf{"app[bot]"}),
      (Request{.target =
                   "/users/app%5Bbot%5D/repos?type=owner&sort=full_name&per_page=50&page=1"}));
}

TEST(GithubProvider, AsksForThePageSizeThatWorks) {
  EXPECT_EQ(github(50).ask(ListingOf{"a", 25}).target,
            "/users/a/repos?type=owner&sort=full_name&per_page=25&page=1");
}

TEST(GithubProvider, AsksByNumber) {
  EXPECT_EQ(github().ask(ListingOfAccount{5'000'000'000}).target,
            "/user/5000000000/repos?type=owner&sort=full_name&per_page=100&page=1");
  EXPECT_EQ(github().ask(WhoIs{7}),
            (Request{.kind = RequestKind::account, .target = "/user/7", .page = 0}));
  EXPECT_EQ(github().ask(WhoseToken{}),
            (Request{.kind = RequestKind::owner, .target = "/user", .page = 0}));
}

TEST(GithubProvider, AsksForAllPagesAtOnce) {
  const PageRead page =
      listed(task_for(1, 1), {{"Link", link(2, "next") + ", " + link(4, "last")}});
  const std::vector<Request> expected{{.target = target(2), .page = 2, .last_announced = 4},
                                      {.target = target(3), .page = 3, .last_announced = 4},
                                      {.target = target(4), .page = 4, .last_announced = 4}};
  EXPECT_EQ(page.follow_ups, expected);
}

TEST(GithubProvider, AsksForNothingTwice) {
  const PageRead page =
      listed(task_for(2, 4), {{"Link", link(3, "next") + ", " + link(4, "last")}});
  EXPECT_EQ(pages_of(page), std::vector<int>{});
}

TEST(GithubProvider, FollowsAListingThatGrew) {
  const PageRead page =
      listed(task_for(4, 4), {{"Link", link(5, "next") + ", " + link(6, "last")}});
  EXPECT_EQ(pages_of(page), (std::vector{5, 6}));
}

TEST(GithubProvider, GoesPageByPageWithoutALastOne) {
  EXPECT_EQ(pages_of(listed(task_for(1, 1), {{"Link", link(2, "next")}})), std::vector{2});
}

// With any prefix and any name of the account.
TEST(GithubProvider, FollowsALinkToAnotherHostBelowTheBaseUrl) {
  for (const std::string below : {"/user/7/repos?page=2", "/users/user/repos?page=2",
                                  "/users/users/repos?page=2", "/user/7/repos?a=/users/&page=2"}) {
    for (const std::string prefix : {"https://ghe.example", "http://inner:8080/api/v3"}) {
      const PageRead page =
          listed(task_for(1, 1), {{"Link", "<" + prefix + below + ">; rel=\"next\""}});
      EXPECT_EQ(page.follow_ups,
                (std::vector<Request>{{.target = below, .page = 2, .last_announced = 2}}))
          << prefix;
    }
  }
}

TEST(GithubProvider, EndsWhereThereIsNoNextLink) {
  EXPECT_EQ(pages_of(listed(task_for(1, 1), {})), std::vector<int>{});
  EXPECT_EQ(pages_of(listed(task_for(1, 1), {{"Link", link(1, "first")}})), std::vector<int>{});
}

TEST(GithubProvider, KeepsHowToAskForAPageAgain) {
  const Validator validator =
      listed(task_for(2, 4), {{"ETag", "W/\"a\""}, {"Link", link(3, "next")}}).page.validator;
  EXPECT_EQ(validator.etag, "W/\"a\"");
  EXPECT_EQ(validator.target, target(2));
  EXPECT_EQ(validator.next, target(3));
}

TEST(GithubProvider, KeepsNoEtagThatQuotesAToken) {
  const PageRead page = listed(task_for(1, 1), {{"ETag", "\"ghp_0123456789abcdefwxyz\""}});
  EXPECT_EQ(page.page.validator.etag, "");
}

// An ETag does not cover a page that is added later; without Link the last page is unknown.
TEST(GithubProvider, LooksBehindAFullLastPage) {
  const PageRead full = listed(task_for(3, 3, 2), {{"ETag", "\"a\""}}, 2);
  EXPECT_EQ(full.page.validator.next, target(4, 2));
  EXPECT_EQ(full.follow_ups,
            (std::vector<Request>{
                {.target = target(4, 2), .page = 4, .last_announced = 4, .is_extra = true}}));
  EXPECT_EQ(pages_of(listed(task_for(3, 3, 2), {{"ETag", "\"a\""}}, 1)), std::vector<int>{});
  EXPECT_EQ(pages_of(listed(task_for(3, 3, 2), {}, 2)), std::vector{4});
  EXPECT_EQ(pages_of(listed(task_for(3, 3, 2), {{"Link", link(2, "prev")}}, 2)),
            std::vector<int>{});
  EXPECT_EQ(pages_of(listed(task_for(2, 3, 2), {{"ETag", "\"a\""}}, 2)), std::vector<int>{});
}

// Of 200,000 repositories, 100 a page, and one page more.
TEST(GithubProvider, BelievesInPagesUpToTheLastPossibleOne) {
  const int most = 2001;
  const auto linked = [](int page, int next, int last) {
    JsonScratch scratch;
    std::string body = body_of(1);
    const std::size_t length = body.size();
    body.resize(length + kPadding);
    const PaddedText text{std::string_view(body).substr(0, length), body.size()};
    return github().read(task_for(page, page),
                         ok({{"Link", link(next, "next") + ", " + link(last, "last")}}), text,
                         scratch);
  };
  const auto all = linked(1, 2, most);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(pages_of(std::get<PageRead>(*all)).back(), most);
  EXPECT_EQ(linked(1, 2, most + 1).error().message,
            "Link header: the last page must lie between 2 and 2001");
  EXPECT_TRUE(linked(most - 1, most, most));
  EXPECT_FALSE(linked(most, most + 1, most + 1));
  EXPECT_EQ(pages_of(listed(task_for(most - 1, most - 1), {}, 100)), std::vector{most});
  EXPECT_EQ(pages_of(listed(task_for(most, most), {}, 100)), std::vector<int>{});
}

// A mirror may ignore `page`: then every page is full.
TEST(GithubProvider, LooksBehindNoPageThatIsFarTooHigh) {
  const int far = 200'001;
  const PageRead page = listed(task_for(far, far, 1), {{"ETag", "\"a\""}}, 1);
  EXPECT_EQ(pages_of(page), std::vector<int>{});
}

TEST(GithubProvider, ContinuesAfterAnUnchangedPageAsStored) {
  Task task = task_for(1, 1);
  task.request.etag = "\"a\"";
  task.request.next = target(2);
  task.request.last_known = 3;
  const Verdict verdict = github().judge(task, {.status = 304}, "");
  const std::vector<Request> expected{{.target = target(2), .page = 2, .last_announced = 3},
                                      {.target = target(3), .page = 3, .last_announced = 3}};
  EXPECT_EQ(std::get<Unchanged>(verdict.meaning).follow_ups, expected);
}

TEST(GithubFields, HaveUniqueNamesAndOneIdentity) {
  std::set<std::string_view> columns;
  std::set<std::string_view> paths;
  int identities = 0;
  for (const Field& field : kGithubRepositories.fields) {
    EXPECT_TRUE(columns.insert(field.column).second) << field.column;
    EXPECT_TRUE(paths.insert(field.json).second) << field.json;
    EXPECT_FALSE(field.meaning.empty()) << field.column;
    if (field.identity == Identity::yes) ++identities;
  }
  EXPECT_EQ(identities, 1);
}

TEST(Providers, AreFoundByKind) {
  ASSERT_NE(find_provider("github"), nullptr);
  EXPECT_EQ(find_provider("github")->kind, "github");
  EXPECT_EQ(find_provider("sourceforge"), nullptr);
}

}  // namespace
}  // namespace repopipe
