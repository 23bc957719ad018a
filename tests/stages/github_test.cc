#include "stages/providers/github.h"

#include <gtest/gtest.h>

#include <set>

#include "stages/providers/github_fields.h"

namespace repopipe {
namespace {

constexpr std::string_view kBase = "https://api.github.com";

GithubProvider github(int per_page = 100) {
  return GithubProvider({std::string(kBase), per_page});
}

std::string page_url(int page) {
  return std::string(kBase) + "/user/7/repos?per_page=100&page=" + std::to_string(page);
}

Reply linked(const std::string& link) {
  Reply reply;
  reply.status = 200;
  if (!link.empty()) reply.headers.add("Link", link);
  return reply;
}

std::string link(int page, const std::string& relation) {
  return "<" + page_url(page) + ">; rel=\"" + relation + "\"";
}

Ticket ticket_for(int page, int last_announced) {
  return {.login = "octocat", .request = {.page = page, .last_announced = last_announced}};
}

std::vector<int> pages_of(const Verdict& verdict) {
  std::vector<int> pages;
  for (const Request& request : std::get<Accept>(verdict).follow_ups) pages.push_back(request.page);
  return pages;
}

TEST(GithubProvider, AsksForOwnRepositoriesByName) {
  EXPECT_EQ(github(50).first_request({"app[bot]"}).target,
            "/users/app%5Bbot%5D/repos?type=owner&sort=full_name&per_page=50&page=1");
}

TEST(GithubProvider, AsksForAllPagesAtOnce) {
  const auto verdict =
      github().judge(ticket_for(1, 1), linked(link(2, "next") + ", " + link(4, "last")));
  const std::vector<Request> expected{{"/user/7/repos?per_page=100&page=2", 2, 4},
                                      {"/user/7/repos?per_page=100&page=3", 3, 4},
                                      {"/user/7/repos?per_page=100&page=4", 4, 4}};
  EXPECT_EQ(std::get<Accept>(verdict).follow_ups, expected);
}

TEST(GithubProvider, AsksForNothingTwice) {
  const auto reply = linked(link(3, "next") + ", " + link(4, "last"));
  EXPECT_EQ(pages_of(github().judge(ticket_for(2, 4), reply)), std::vector<int>{});
}

TEST(GithubProvider, FollowsAListingThatGrew) {
  const auto reply = linked(link(5, "next") + ", " + link(6, "last"));
  EXPECT_EQ(pages_of(github().judge(ticket_for(4, 4), reply)), (std::vector{5, 6}));
}

TEST(GithubProvider, GoesPageByPageWithoutALastOne) {
  EXPECT_EQ(pages_of(github().judge(ticket_for(1, 1), linked(link(2, "next")))), std::vector{2});
}

TEST(GithubProvider, EndsWhereThereIsNoLink) {
  EXPECT_EQ(pages_of(github().judge(ticket_for(1, 1), linked(""))), std::vector<int>{});
  EXPECT_EQ(pages_of(github().judge(ticket_for(1, 1), linked(link(1, "first")))),
            std::vector<int>{});
}

TEST(GithubProvider, RefusesLinksThatLeadAstray) {
  for (const std::string& header :
       {std::string("<https://evil.example/user/7/repos?page=2>; rel=\"next\""), link(1, "next"),
        link(3, "next"), link(2, "next") + ", " + link(1, "last"),
        link(2, "next") + ", " + link(2'000'000'000, "last"),
        "<" + std::string(kBase) + "/user/7/repos>; rel=\"next\""}) {
    const auto verdict = github().judge(ticket_for(1, 1), linked(header));
    ASSERT_TRUE(std::holds_alternative<Failure>(verdict)) << header;
    EXPECT_EQ(std::get<Failure>(verdict).kind, FailureKind::malformed) << header;
  }
}

TEST(GithubProvider, JudgesByStatus) {
  const auto kind_of = [](int status) {
    Reply reply;
    reply.status = status;
    return std::get<Failure>(github().judge(ticket_for(1, 1), reply)).kind;
  };
  EXPECT_EQ(kind_of(404), FailureKind::not_found);
  EXPECT_EQ(kind_of(500), FailureKind::server_error);
  EXPECT_EQ(kind_of(502), FailureKind::server_error);
  for (const int status : {100, 201, 301, 304, 400, 401, 403, 418, 429, 451}) {
    EXPECT_EQ(kind_of(status), FailureKind::unexpected_status) << status;
  }
}

TEST(GithubFields, HaveUniqueNamesAndOneIdentity) {
  std::set<std::string_view> columns;
  std::set<std::string_view> paths;
  int identities = 0;
  for (const Field& field : github_fields()) {
    EXPECT_TRUE(columns.insert(field.column).second) << field.column;
    EXPECT_TRUE(paths.insert(field.json).second) << field.json;
    EXPECT_FALSE(field.meaning.empty()) << field.column;
    if (field.role == Role::repo_id) ++identities;
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
