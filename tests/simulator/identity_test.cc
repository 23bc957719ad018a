#include "tests/simulator/identity.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/simulator/made_up_source.h"

namespace repopipe::simulator {
namespace {

using Json = nlohmann::json;

constexpr World kThirdDay{.seed = 1, .accounts = 600, .day = 3};

struct Line {
  std::string before, after, kind;
  std::uint64_t id = 0;
};

class Renamed : public testing::Test {
 protected:
  std::vector<Line> lines() const {
    std::stringstream text;
    source_.list(text);
    std::vector<Line> result;
    for (Line line; text >> line.before >> line.after >> line.id >> line.kind;) {
      result.push_back(line);
    }
    return result;
  }
  Json listing(const Account& account) const {
    std::string text = "[";
    source_.append(account, {.first = 0, .count = 40}, text);
    return Json::parse(text + "]");
  }
  static std::set<std::uint64_t> ids(const Json& listing) {
    std::set<std::uint64_t> result;
    for (const Json& one : listing) result.insert(one["id"].get<std::uint64_t>());
    return result;
  }

  MadeUpSource plain_{kThirdDay};
  RenamedSource source_{
      std::make_unique<MadeUpSource>(kThirdDay), 1, {.renamed_percent = 30, .gone_percent = 10}};
};

TEST_F(Renamed, IsItsShareOfAccountsInEqualKinds) {
  std::map<std::string, int> seen;
  for (const Line& line : lines()) ++seen[line.kind];
  EXPECT_EQ(seen.size(), 4u);
  for (const auto& [kind, count] : seen) EXPECT_NEAR(count, 60, 25) << kind;
}

TEST_F(Renamed, AnswersToTheNewLoginAndTheId) {
  for (const Line& line : lines()) {
    if (line.kind == "gone") continue;
    const auto account = source_.find(Login{line.after});
    for (const auto& found : {account, source_.find(NumericId{line.id})}) {
      ASSERT_TRUE(found) << line.after;
      EXPECT_EQ(found->id, line.id);
      EXPECT_EQ(found->login, line.after);
      EXPECT_FALSE(found->by_former_login);
    }
    const Json rows = listing(*account);
    EXPECT_EQ(ids(rows), ids(listing(*plain_.find(NumericId{line.id}))));
    for (const Json& row : rows) {
      EXPECT_EQ(row["owner"]["login"], line.after);
      EXPECT_TRUE(row["full_name"].get<std::string>().starts_with(line.after + "/"));
    }
  }
}

TEST_F(Renamed, AnswersToTheFormerLoginByKind) {
  for (const Line& line : lines()) {
    const auto account = source_.find(Login{line.before});
    EXPECT_EQ(account.has_value(), line.kind == "redirect" || line.kind == "taken");
    if (!account) continue;
    EXPECT_EQ(account->by_former_login, line.kind == "redirect");
    EXPECT_EQ(account->id == line.id, line.kind == "redirect");
  }
}

TEST_F(Renamed, HasStrangersWithRepositoriesOfTheirOwn) {
  for (const Line& line : lines()) {
    if (line.kind != "taken") continue;
    const Account stranger = *source_.find(Login{line.before});
    EXPECT_EQ(source_.find(NumericId{stranger.id})->login, line.before);
    EXPECT_FALSE(plain_.find(NumericId{stranger.id}));
    const Json rows = listing(stranger);
    ASSERT_FALSE(rows.empty());
    EXPECT_EQ(rows[0]["owner"]["id"], stranger.id);
    EXPECT_EQ(rows[0]["owner"]["login"], line.before);
    const auto others = ids(listing(*source_.find(NumericId{line.id})));
    for (const std::uint64_t id : ids(rows)) EXPECT_FALSE(others.contains(id));
  }
}

TEST_F(Renamed, IsGoneByLoginAndIdButNotByOrdinal) {
  for (const Line& line : lines()) {
    if (line.kind != "gone") continue;
    EXPECT_EQ(line.after, "-");
    EXPECT_FALSE(source_.find(Login{line.before}));
    EXPECT_FALSE(source_.find(Login{"new-" + line.before}));
    EXPECT_FALSE(source_.find(NumericId{line.id}));
  }
  std::uint64_t count = 0;
  while (source_.find(Ordinal{count})) ++count;
  EXPECT_EQ(count, kThirdDay.accounts);
}

TEST_F(Renamed, LeavesTheOthersAlone) {
  std::set<std::uint64_t> changed;
  for (const Line& line : lines()) changed.insert(line.id);
  for (std::uint64_t ordinal = 0; ordinal < kThirdDay.accounts; ++ordinal) {
    const Account account = *plain_.find(Ordinal{ordinal});
    if (changed.contains(account.id)) continue;
    EXPECT_EQ(source_.find(Login{account.login})->id, account.id);
    EXPECT_FALSE(source_.find(Login{"new-" + account.login}));
    EXPECT_FALSE(source_.find(NumericId{account.id + 1}));
  }
}

TEST_F(Renamed, MembersHaveTheirNewLoginsAndThoseThatAreGoneAreMissing) {
  std::size_t different = 0;
  for (std::uint64_t ordinal = 0; ordinal < kThirdDay.accounts; ++ordinal) {
    const Account account = *plain_.find(Ordinal{ordinal});
    std::vector<std::string> expected, logins, before;
    for (const Account& member : plain_.members(account)) {
      before.push_back(member.login);
      if (const auto now = source_.find(NumericId{member.id})) expected.push_back(now->login);
    }
    for (const Account& member : source_.members(account)) logins.push_back(member.login);
    EXPECT_EQ(logins, expected);
    different += logins == before ? 0 : 1;
  }
  EXPECT_GT(different, 0u);
}

}  // namespace
}  // namespace repopipe::simulator
