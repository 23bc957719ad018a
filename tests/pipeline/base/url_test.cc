#include "pipeline/base/url.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

TEST(PercentEncode, KeepsASegmentASegment) {
  EXPECT_EQ(percent_encode("Octo-cat_9.x~"), "Octo-cat_9.x~");
  EXPECT_EQ(percent_encode("app[bot]"), "app%5Bbot%5D");
  EXPECT_EQ(percent_encode("a/../b?c#d e"), "a%2F..%2Fb%3Fc%23d%20e");
  EXPECT_EQ(percent_encode(std::string_view("\0\xC3\xA4%", 4)), "%00%C3%A4%25");
}

constexpr std::string_view kRoot = "https://api.github.com";
constexpr std::string_view kEnterprise = "https://ghe.example/api/v3";
constexpr std::string_view kFrom = "/users/octocat/repos?page=1";

struct Way {
  std::string_view base;
  std::string_view reference;
  std::optional<std::string> target;
};

TEST(TargetBelow, LeavesOutTheBase) {
  const Way ways[] = {
      {kRoot, "https://api.github.com/user/1/repos?page=2", "/user/1/repos?page=2"},
      {kRoot, "HTTPS://API.GitHub.com:443/user/1", "/user/1"},
      {kRoot, "https://api.github.com/user/1#there", "/user/1"},
      {kEnterprise, "https://ghe.example/api/v3/user/1", "/user/1"},
      {"http://localhost:8080", "http://localhost:8080/user/1", "/user/1"},
  };
  for (const Way& way : ways) {
    EXPECT_EQ(target_below(way.base, kFrom, way.reference), way.target) << way.reference;
  }
}

TEST(TargetBelow, ResolvesWhatIsRelative) {
  const Way ways[] = {
      {kRoot, "/user/1/repos?page=1", "/user/1/repos?page=1"},
      {kRoot, "//api.github.com/user/1", "/user/1"},
      {kRoot, "gists", "/users/octocat/gists"},
      {kRoot, "../hubot/repos", "/users/hubot/repos"},
      {kRoot, "?page=2", "/users/octocat/repos?page=2"},
      {kRoot, "/user?next=https://evil.example/../..", "/user?next=https://evil.example/../.."},
      {kRoot, "/./a/../user/.", "/user/"},
      {kRoot, "/a...b/..c", "/a...b/..c"},
      {kEnterprise, "/api/v3/user/1/repos", "/user/1/repos"},
      {kEnterprise, "gists", "/users/octocat/gists"},
  };
  for (const Way& way : ways) {
    EXPECT_EQ(target_below(way.base, kFrom, way.reference), way.target) << way.reference;
  }
}

TEST(OriginOf, IsTheSameForAllPagesOfAHost) {
  for (const char* reference : {"//evil.example/user/1?page=2", "//EVIL.example/user/2",
                                "https://evil.example", "https://evil.example:443/user/1#x",
                                "HTTPS://evil.example/a/b", "//me:word@evil.example/user/3",
                                "https://a@b@evil.example/user/3", "//evil.example?page=2"}) {
    const bool has_path = std::string_view(reference) != "https://evil.example" &&
                          std::string_view(reference) != "//evil.example?page=2";
    EXPECT_EQ(origin_of(kRoot, kFrom, reference), has_path ? "https://evil.example" : "")
        << reference;
  }
  EXPECT_EQ(origin_of(kRoot, kFrom, "http://evil.example:8080/x"), "http://evil.example:8080");
  EXPECT_EQ(origin_of(kRoot, kFrom, "gists"), kRoot);
  EXPECT_EQ(origin_of(kRoot, kFrom, "mailto:me"), "");
}

TEST(TargetBelow, RefusesAnotherPlace) {
  for (const char* reference :
       {"http://api.github.com/user/1", "https://api.github.com.evil.example/user/1",
        "https://api.github.com:444/user/1", "https://user@api.github.com/user/1",
        "https://api.github.com@evil.example/user/1", "https://api.github.com\\@evil.example/",
        "//evil.example/user/1", "///user/1", "https:///user/1", "https:/user/1", "mailto:user/1",
        "https://api.github.com", "https://api.github.com?page=2", "ftp://api.github.com/user",
        "/user 1", "/user\t1", "/user\r\nHost: evil.example"}) {
    EXPECT_EQ(target_below(kRoot, kFrom, reference), std::nullopt) << reference;
  }
}

TEST(TargetBelow, RefusesAnotherPathOfTheHost) {
  for (const char* reference :
       {"https://ghe.example/api/v33/user", "/user/1/repos", "/api/v3", "/api/v3/../../login",
        "/api/v3/%2e%2E/v4/user", "../../../../login", "https://ghe.example/api/v3/.%2e/x"}) {
    EXPECT_EQ(target_below(kEnterprise, kFrom, reference), std::nullopt) << reference;
  }
}

}  // namespace
}  // namespace repopipe
