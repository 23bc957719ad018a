#include <gtest/gtest.h>

#include "pipeline/source/usernames.h"
#include "stages/providers/gitea/gitea.h"
#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

TEST(Login, HasTheFormOfGitHubs) {
  for (const std::string login : {"a", "octocat", "Octo-Cat", "octocat-", "a--b", "jane_corp", "0",
                                  "dependabot[bot]", "_x", "null", "0123456789"}) {
    EXPECT_TRUE(is_login(login, kGithub.username)) << login;
    EXPECT_TRUE(parse_entry(login, kGithub)) << login;
  }
  EXPECT_TRUE(is_login(std::string(39, 'x'), kGithub.username));
  EXPECT_TRUE(is_login(std::string(39, 'x') + "[bot]", kGithub.username));
}

TEST(Login, HasNoOtherForm) {
  for (const std::string text : {"", "-a", "a b", "a.b", "@a", "a/b", "[bot]", "a[bot]x", "[bot]a",
                                 "\xC3\xA4", "a\n", "a\xff", "-[bot]", "*"}) {
    EXPECT_FALSE(is_login(text, kGithub.username)) << text;
    EXPECT_FALSE(parse_entry(text, kGithub)) << text;
  }
  EXPECT_FALSE(is_login(std::string(40, 'x'), kGithub.username));
  EXPECT_FALSE(is_login(std::string("a\0", 2), kGithub.username));
}

TEST(Login, TypicalMistakesGetARemedy) {
  const auto said = [](std::string_view text) { return complaint_about_entry(text, kGithub); };
  EXPECT_EQ(said("http://ghe.example.com/jane_corp/"),
            "\"http://ghe.example.com/jane_corp/\" is not a username: write jane_corp, not the "
            "address");
  EXPECT_EQ(said("https://github.com/octocat?tab=repositories"),
            "\"https://github.com/octocat?tab=repositories\" is not a username: write octocat, not "
            "the address");
  EXPECT_EQ(said("www.github.com/octocat"),
            "\"www.github.com/octocat\" is not a username: write octocat, not the address");
  EXPECT_EQ(said("https://github.com/orgs/github/repositories"),
            "\"https://github.com/orgs/github/repositories\" is not a username: write github, not "
            "the address");
  EXPECT_EQ(said("octocat\u200b"),
            "\"octocat<U+200B>\" is not a username: remove the invisible character U+200B");
  EXPECT_EQ(said("https://github.com"),
            "\"https://github.com\" is not a username: it has letters, digits, hyphens and "
            "underscores only, not \":\"");
  EXPECT_EQ(said("a\xff"),
            "\"a\\xff\" is not a username: it has letters, digits, hyphens and underscores only, "
            "not \"\\xff\"");
}

TEST(Entry, NamesAListOfAccounts) {
  EXPECT_EQ(parse_entry("members:acme", kGithub)->login, "acme");
  EXPECT_EQ(parse_entry("members:acme", kGithub)->resource, kGithubMembers.id);
  EXPECT_EQ(parse_entry("acme", kGithub)->resource, kRepositoriesId);
  for (const std::string entry : {"members:acme", "acme"}) {
    EXPECT_EQ(entry_of(*parse_entry(entry, kGithub), kGithub), entry);
  }
}

TEST(Entry, IsRefusedWithARemedy) {
  const auto said = [](std::string_view text) {
    EXPECT_FALSE(parse_entry(text, kGithub)) << text;
    return complaint_about_entry(text, kGithub);
  };
  EXPECT_EQ(said("member:acme"),
            "\"member:acme\" is not a username: member names no list of accounts; known is "
            "members:acme");
  EXPECT_EQ(said("members: acme"), "\"members: acme\": leave out the blank and write members:acme");
  EXPECT_EQ(said("members:-x"),
            "\"members:-x\": \"-x\" is not a username: it does not begin with a hyphen");
  EXPECT_EQ(said("members:"),
            "\"members:\": \"\" is not a username: it has at least one character");
  EXPECT_EQ(complaint_about_entry("members:acme", kGitea),
            "\"members:acme\" is not a username: gitea has no lists of accounts; write acme");
}

TEST(Login, HasTheFormOfTheProviders) {
  const UsernameRule& rule = kGitea.username;
  for (const std::string login : {"a.b", "amber.ly_1", "0", ".config", "a-", "a--b"}) {
    EXPECT_TRUE(is_login(login, rule)) << login;
  }
  for (const std::string text : {"", ".", "..", "a[bot]", "a b", "a/b", "codeberg.org/a"}) {
    EXPECT_FALSE(is_login(text, rule)) << text;
  }
  EXPECT_TRUE(is_login(std::string(40, 'x'), rule));
  EXPECT_FALSE(is_login(std::string(41, 'x'), rule));
  EXPECT_EQ(complaint_about_entry("..", kGitea),
            "\"..\" is not a username: it does not consist of dots");
  EXPECT_EQ(complaint_about_entry("https://codeberg.org/forgejo", kGitea),
            "\"https://codeberg.org/forgejo\" is not a username: write forgejo, not the address");
}

}  // namespace
}  // namespace repopipe
