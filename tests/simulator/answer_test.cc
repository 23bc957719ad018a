#include "tests/simulator/answer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/simulator/counts.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/response_header.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;

constexpr World kWorld{.seed = 1, .accounts = 50};
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'790'000'000)};

class Answers : public testing::Test {
 protected:
  Response get(const std::string& target, Request request = {}) {
    request.target = target;
    if (request.host.empty()) request.host = "api.test:1234";
    if (request.user_agent.empty()) request.user_agent = "tests";
    return answerer_.answer(request, kNow);
  }

  // The account with 3,000 repositories.
  Account largest() const {
    std::uint64_t ordinal = 0;
    while (usual_count(kWorld.seed, kWorld.accounts, ordinal) != kMostRepositories) ++ordinal;
    return *source_.find(Ordinal{ordinal});
  }
  std::string listing(const char* parameters = "") const {
    return "/users/" + largest().login + "/repos?per_page=100" + parameters;
  }

  MadeUpSource source_{kWorld};
  Answerer answerer_{source_, {}};
};

TEST_F(Answers, HoldAPageAndGitHubsHeaders) {
  const Response response = get(listing());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Json::parse(*response.body).size(), 100u);
  EXPECT_EQ(header(response, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(header(response, "Content-Encoding"), "");
  EXPECT_EQ(header(response, "Vary"),
            "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding");
  EXPECT_EQ(header(response, "X-RateLimit-Used"), "1");
  EXPECT_EQ(header(response, "X-RateLimit-Remaining"), std::to_string(Quota::kAnnounced - 1));
  EXPECT_EQ(header(response, "X-RateLimit-Reset"), "1790003600");
  EXPECT_EQ(header(response, "X-RateLimit-Resource"), "core");
  EXPECT_NE(header(response, "X-GitHub-Request-Id"), "");
  const std::string root = "<http://api.test:1234/user/" + std::to_string(largest().id);
  EXPECT_EQ(header(response, "Link"), root + "/repos?per_page=100&page=2>; rel=\"next\", " + root +
                                          "/repos?per_page=100&page=30>; rel=\"last\"");
}

TEST_F(Answers, AreTheSameByLoginInAnyCaseAndById) {
  const std::string body = *get(listing()).body;
  EXPECT_EQ(*get("/user/" + std::to_string(largest().id) + "/repos?per_page=100").body, body);
  std::string shouted = largest().login;
  for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(*get("/users/" + shouted + "/repos?per_page=100").body, body);
}

TEST_F(Answers, AreCompressedForThoseWhoAcceptIt) {
  const Response response = get(listing(), {.accept_encoding = "deflate, gzip, br"});
  EXPECT_EQ(header(response, "Content-Encoding"), "gzip");
  const std::string plain = *get(listing()).body;
  EXPECT_LT(response.body->size() * 10, plain.size());
  EXPECT_EQ(Gzip().inflate(*response.body, plain.size()), plain);
}

TEST_F(Answers, AreNotRepeatedToThoseWhoHaveThem) {
  const std::string etag = header(get(listing()), "ETag");
  EXPECT_TRUE(etag.starts_with("W/\"")) << etag;
  for (const std::string& known : {etag, "\"x\", " + etag, std::string("*")}) {
    const Response response = get(listing(), {.if_none_match = known});
    EXPECT_EQ(response.status, 304) << known;
    EXPECT_EQ(response.body, nullptr);
    EXPECT_EQ(header(response, "ETag"), etag);
    EXPECT_EQ(header(response, "Link"), "");
    EXPECT_NE(header(response, "X-RateLimit-Remaining"), "");
  }
  for (const std::string& other : {std::string("W/\"other\""), etag.substr(2), etag + "x"}) {
    EXPECT_EQ(get(listing(), {.if_none_match = other}).status, 200) << other;
  }
}

TEST_F(Answers, HaveAnETagByBodyAcceptAndAuthorization) {
  const auto etag = [&](const std::string& target, const Request& request) {
    return header(get(target, request), "ETag");
  };
  const std::string first = etag(listing(), {});
  EXPECT_EQ(etag(listing(), {}), first);
  EXPECT_EQ(etag(listing(), {.accept_encoding = "gzip"}), first);
  EXPECT_NE(etag(listing(), {.accept = "application/json"}), first);
  EXPECT_NE(etag(listing(), {.authorization = "Bearer one"}), first);
  EXPECT_NE(etag(listing("&page=2"), {}), first);
}

TEST_F(Answers, CountNoQuotaForAnAuthorizedNotModified) {
  const auto used = [](const Response& response) { return header(response, "X-RateLimit-Used"); };
  const Request authorized{.authorization = "Bearer one"};
  const std::string etag = header(get(listing(), authorized), "ETag");
  EXPECT_EQ(used(get(listing(), {.authorization = "Bearer one", .if_none_match = etag})), "1");
  EXPECT_EQ(used(get(listing(), authorized)), "2");
  EXPECT_EQ(used(get(listing(), {.authorization = "Bearer two"})), "1");
  EXPECT_EQ(used(get(listing(), {.if_none_match = "*"})), "1");
  EXPECT_EQ(used(get(listing(), {.if_none_match = "*"})), "2");
}

TEST_F(Answers, AreEmptyBeyondTheLastPage) {
  for (const char* page : {"&page=31", "&page=18446744073709551615"}) {
    const Response response = get(listing(page));
    EXPECT_EQ(*response.body, "[]");
    EXPECT_TRUE(header(response, "Link").ends_with("page=1>; rel=\"first\""));
  }
}

TEST_F(Answers, DescribeAnAccount) {
  const Json account = Json::parse(*get("/users/" + largest().login).body);
  EXPECT_EQ(account["login"], largest().login);
  EXPECT_EQ(account["id"], largest().id);
  EXPECT_EQ(account["public_repos"], 3000);
  EXPECT_EQ(Json::parse(*get("/user/" + std::to_string(largest().id)).body), account);
}

TEST_F(Answers, AreGitHubs404ForWhatIsNotThere) {
  const Json expected = {{"message", "Not Found"},
                         {"documentation_url", "https://docs.github.com/rest"},
                         {"status", "404"}};
  for (const char* target :
       {"/users/octocat/repos", "/user/1/repos", "/users/octocat", "/", "/x"}) {
    const Response response = get(target);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_EQ(Json::parse(*response.body), expected);
  }
  EXPECT_EQ(get(listing(), {.method = Method::other}).status, 404);
}

TEST_F(Answers, Are403WithoutAUserAgent) {
  const std::string target = listing();
  const Response response = answerer_.answer({.target = target, .host = "api.test"}, kNow);
  EXPECT_EQ(response.status, 403);
  EXPECT_NE(response.body->find("Request forbidden by administrative rules"), std::string::npos);
}

TEST_F(Answers, HaveTheBaseUrlThatWasAskedFor) {
  Answerer answerer(source_, {.base_url = "https://mirror.test/api"});
  const std::string target = listing();
  const Response response =
      answerer.answer({.target = target, .host = "h", .user_agent = "tests"}, kNow);
  EXPECT_TRUE(header(response, "Link").starts_with("<https://mirror.test/api/user/"));
}

TEST_F(Answers, EndTheFirstPageOfEveryTenthAccountWithNullWhenAsked) {
  Answerer answerer(source_, {.nulls = NullElements::some});
  for (std::uint64_t ordinal = 0; ordinal < 50; ++ordinal) {
    const std::string target = "/users/" + source_.find(Ordinal{ordinal})->login + "/repos";
    const Response response = answerer.answer({.target = target, .user_agent = "tests"}, kNow);
    const Json page = Json::parse(*response.body);
    EXPECT_EQ(!page.empty() && page.back().is_null(), ordinal % 10 == 0) << ordinal;
  }
}

TEST_F(Answers, AreTheSameWarmAndCold) {
  const std::string cold = *get(listing()).body;
  Answerer warm(source_, {}), tight(source_, {.cache_bytes = 200'000});
  EXPECT_EQ(warm.warm(), kWorld.accounts);
  EXPECT_LT(tight.warm(), kWorld.accounts);
  for (Answerer* answerer : {&warm, &tight}) {
    const std::string target = listing();
    EXPECT_EQ(*answerer->answer({.target = target, .user_agent = "tests"}, kNow).body, cold);
  }
}

}  // namespace
}  // namespace repopipe::simulator
