// Members of organisations: addresses, records, pages and redirects.
#include <gtest/gtest.h>

#include "stages/parse/json_value.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

constexpr std::string_view kMembersBase = "https://api.github.com";

RestProtocol members_protocol(int per_page = 100) {
  return RestProtocol(kGithub, {std::string(kMembersBase), per_page});
}

Task first_page_of_members() {
  return {.login = "acme",
          .request = members_protocol().ask(ListingOf{"acme", 0, kGithubMembers.id}),
          .resource = kGithubMembers.id};
}

Result<Answer> read_members(std::string body, Headers headers = {}) {
  JsonScratch scratch;
  const std::size_t length = body.size();
  body.resize(length + kPadding);
  const PaddedText text{std::string_view(body).substr(0, length), body.size()};
  Response response{.status = 200};
  response.headers = std::move(headers);
  return members_protocol().read(first_page_of_members(), response, text, scratch);
}

TEST(GithubMembers, HaveAnAddressByLoginAndByNumber) {
  EXPECT_EQ(first_page_of_members().request.target, "/orgs/acme/members?per_page=100&page=1");
  EXPECT_EQ(members_protocol(50).ask(ListingOf{"acme", 25, kGithubMembers.id}).target,
            "/orgs/acme/members?per_page=25&page=1");
  EXPECT_EQ(members_protocol().ask(ListingOfAccount{9, 0, kGithubMembers.id}).target,
            "/organizations/9/members?per_page=100&page=1");
  EXPECT_TRUE(members_protocol().knows_numbers(kGithubMembers.id));
}

TEST(GithubMembers, AreOfAnAccountWhoseNumberIsAskedForByItsLogin) {
  EXPECT_TRUE(lacks_parent(kGithubMembers));
  EXPECT_FALSE(lacks_parent(kGithubRepositories));
  EXPECT_EQ(members_protocol().ask(WhoHas{"acme"}),
            (Request{.kind = RequestKind::account, .target = "/users/acme", .page = 0}));
}

TEST(GithubMembers, AreReadFromThePagesOfAList) {
  const auto answer = read_members(
      R"([{"login":"mona","id":7,"type":"User","site_admin":true},null,)"
      R"({"login":"hubot","id":8}])",
      {{"Link",
        "<https://api.github.com/organizations/9/members?per_page=100&page=2>; rel=\"next\", "
        "<https://api.github.com/organizations/9/members?per_page=100&page=3>; "
        "rel=\"last\""}});
  ASSERT_TRUE(answer);
  const auto& listed = std::get<PageRead>(*answer);
  EXPECT_EQ(listed.page.rows.rows(), 2U);
  EXPECT_EQ(listed.page.skipped, 1);
  ASSERT_EQ(listed.follow_ups.size(), 2U);
  EXPECT_EQ(listed.follow_ups.front().target, "/organizations/9/members?per_page=100&page=2");
}

TEST(GithubMembers, WithoutANumberAreNoMembers) {
  EXPECT_FALSE(read_members(R"([{"login":"mona"}])"));
}

TEST(GithubMembers, AreFollowedToThePublicOnesAndToARenamedOrganisation) {
  for (const std::string target :
       {"/orgs/acme/public_members", "/organizations/9/members?page=1"}) {
    Response response{.status = 302};
    response.headers = {{"Location", std::string(kMembersBase) + target}};
    const Verdict verdict = members_protocol().judge(first_page_of_members(), response, "");
    const auto* redirect = std::get_if<Redirect>(&verdict.meaning);
    ASSERT_NE(redirect, nullptr) << target;
    EXPECT_EQ(redirect->target, target);
  }
}

}  // namespace
}  // namespace repopipe
