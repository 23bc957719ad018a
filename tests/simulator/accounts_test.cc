#include "tests/simulator/accounts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace repopipe::simulator {
namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

TEST(Accounts, FindsEveryAccountByItsLoginInAnyCaseAndByItsId) {
  const Accounts accounts(7, 5000);
  for (std::uint64_t ordinal = 0; ordinal < 5000; ++ordinal) {
    const auto account = accounts.find(Ordinal{ordinal});
    ASSERT_TRUE(account);
    const auto by_login = accounts.find(Login{upper(account->login)});
    ASSERT_TRUE(by_login) << account->login;
    EXPECT_EQ(by_login->ordinal, ordinal);
    EXPECT_EQ(by_login->login, account->login);
    const auto by_id = accounts.find(NumericId{account->id});
    ASSERT_TRUE(by_id);
    EXPECT_EQ(by_id->ordinal, ordinal);
  }
}

TEST(Accounts, FindsAccountsOfAMillionByLogin) {
  const Accounts accounts(1, 1'000'000);
  for (std::uint64_t ordinal = 0; ordinal < 1'000'000; ordinal += 997) {
    const auto account = accounts.find(Login{accounts.find(Ordinal{ordinal})->login});
    ASSERT_TRUE(account);
    EXPECT_EQ(account->ordinal, ordinal);
    EXPECT_LT(account->id, std::uint64_t{1} << 32);
  }
}

TEST(Accounts, GivesNoTwoAccountsTheSameLogin) {
  const Accounts accounts(1, 50'000);
  std::set<std::string> seen;
  for (std::uint64_t ordinal = 0; ordinal < accounts.size(); ++ordinal) {
    const std::string login = accounts.find(Ordinal{ordinal})->login;
    EXPECT_TRUE(seen.insert(upper(login)).second) << login;
  }
}

TEST(Accounts, AllowsOnlyWhatGitHubAllowsInALogin) {
  const Accounts accounts(1, 20'000);
  const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  for (std::uint64_t ordinal = 0; ordinal < accounts.size(); ++ordinal) {
    const std::string login = accounts.find(Ordinal{ordinal})->login;
    EXPECT_LE(login.size(), 39u);
    EXPECT_TRUE(std::ranges::all_of(login, allowed)) << login;
  }
}

TEST(Accounts, MakesOneInTenAnOrganization) {
  const Accounts accounts(1, 10'000);
  int organizations = 0;
  for (std::uint64_t ordinal = 0; ordinal < accounts.size(); ++ordinal) {
    organizations += accounts.find(Ordinal{ordinal})->kind == AccountKind::organization;
  }
  EXPECT_NEAR(organizations, 1000, 100);
}

TEST(Accounts, KnowsNoOtherAccount) {
  const Accounts accounts(1, 2000);
  for (const char* login : {"", "-", "octocat", "amber", "amber-falcon-99999999999999999999"}) {
    EXPECT_FALSE(accounts.find(Login{login})) << login;
  }
  const std::string login = accounts.find(Ordinal{0})->login;
  EXPECT_FALSE(accounts.find(Login{login + "x"}));
  EXPECT_FALSE(accounts.find(Login{login + "-"}));
  EXPECT_FALSE(accounts.find(NumericId{accounts.find(Ordinal{0})->id + 1}));
  EXPECT_FALSE(accounts.find(NumericId{0}));
  EXPECT_FALSE(accounts.find(Ordinal{2000}));
}

TEST(Accounts, DiffersBySeed) {
  const Accounts one(1, 2000), other(2, 2000);
  int same = 0;
  for (std::uint64_t ordinal = 0; ordinal < 2000; ++ordinal) {
    same += one.find(Ordinal{ordinal})->login == other.find(Ordinal{ordinal})->login;
  }
  EXPECT_LT(same, 5);
}

}  // namespace
}  // namespace repopipe::simulator
