// `repopipe check` finds what would fail in a run, and creates no files.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/certificate.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// It sends no request unless a test allows it.
struct Check : ::testing::Test {
  Program program(std::vector<std::string> arguments) const {
    Program program = nightly.program(std::move(arguments));
    program.arguments[1] = "check";
    return program;
  }
  Ended check(std::vector<std::string> arguments) const { return run(program(arguments)); }
  Ended check_set(const std::string& setting) const { return check({"--set", setting}); }

  std::set<std::string> files() const {
    std::set<std::string> all;
    for (const auto& each :
         std::filesystem::recursive_directory_iterator(nightly.folder().path())) {
      all.insert(each.path().string());
    }
    return all;
  }

  Nightly nightly{"https://127.0.0.1:9", {"octocat", "torvalds"}};
};

void make_database(const std::filesystem::path& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
}

TEST_F(Check, FindsADatabaseThatNoRunCouldOpen) {
  nightly.folder().write("text.db", std::string(5000, 'x'));
  make_database(nightly.folder() / "other.db", "CREATE TABLE mine (x)");
  make_database(nightly.folder() / "newer.db",
                "CREATE TABLE runs (x); PRAGMA application_id = 0x52505031;"
                "PRAGMA user_version = 99");
  nightly.folder().write("twice.db", "");
  std::filesystem::create_hard_link(nightly.folder() / "twice.db", nightly.folder() / "second.db");
  const auto before = files();
  for (const auto& [path, why] : std::vector<std::pair<std::string, std::string>>{
           {"missing/repos.db", "does not exist; create it first"},
           {"users.txt/repos.db", "is a file, not a folder"},
           {".", "is a folder; name a file in it"},
           {"text.db", "is not a SQLite database"},
           {"users.txt", "is not a SQLite database"},
           {"other.db", "is the database of another program"},
           {"twice.db", "has 2 names (hard links)"},
           {std::string(300, 'n'), "the name has 300 bytes; 255 are allowed in this folder"},
           {std::string(248, 'n'), "the name has 248 bytes"},
           {"/proc/repos.db", "folder /proc"},
           {"newer.db", "has schema version 99, newer than this program's"}}) {
    const Ended ended = check_set("store.database=" + path);
    EXPECT_EQ(ended.exit_code, 78) << path;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("store.database: "), HasSubstr(why)));
  }
  EXPECT_EQ(files(), before);
}

// The two agree also on the longest names that SQLite can use.
TEST_F(Check, SaysOfALongPathWhatARunFinds) {
  const std::string longest(247, 'n'), folder(240, 'f');
  std::filesystem::create_directories(nightly.folder() / folder / folder);
  for (const auto& [path, exit_code] : std::vector<std::pair<std::string, int>>{
           {longest, 69}, {longest + "n", 73}, {folder + "/" + folder + "/repositories.db", 73}}) {
    const std::string setting = "store.database=" + path;
    EXPECT_EQ(check_set(setting).exit_code, exit_code == 69 ? 0 : 78) << path;
    const Ended ended = nightly.run({"--set", "run.connect_wait=0s", "--set", setting});
    EXPECT_EQ(ended.exit_code, exit_code) << path << ended.err;
  }
}

TEST_F(Check, NamesLineAndColumnOfTheKey) {
  nightly.folder().write("nightly.yaml",
                         "source: {usernames: [octocat]}\nstore:\n  database: missing/repos.db\n");
  EXPECT_THAT(check({}).err, HasSubstr("nightly.yaml:3:13: store.database: "));
  nightly.folder().write(
      "nightly.yaml",
      "source: {usernames: [octocat]}\nprovider: {tokens: ['env:A', 'cmd:/no/x']}\n");
  Program with_token = program({});
  with_token.environment = {{"A", "abc"}};
  EXPECT_THAT(run(with_token).err,
              HasSubstr("nightly.yaml:2:30: provider.tokens[1]: the program of the command, "
                        "\"/no/x\", cannot be run: No such file or directory"));
}

TEST_F(Check, AcceptsWhatARunWouldMakeOrGoOnWith) {
  EXPECT_EQ(check_set("store.database=new.db").exit_code, 0);
  nightly.folder().write("empty.db", "");
  EXPECT_EQ(check_set("store.database=empty.db").exit_code, 0);
  GatedApi api(10);
  nightly.ask(api.base_url());
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(check({}).exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT count(*) FROM runs"), (Rows{{"1"}}));
}

TEST_F(Check, FindsAFolderOrAFileThatCannotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  nightly.folder().write("kept/repos.db", "");
  chmod((nightly.folder() / "kept").c_str(), 0500);
  const Ended folder = check_set("store.database=kept/repos.db");
  chmod((nightly.folder() / "kept").c_str(), 0700);
  EXPECT_EQ(folder.exit_code, 78);
  EXPECT_THAT(folder.err, HasSubstr("cannot be written by this user"));
  chmod((nightly.folder() / "kept/repos.db").c_str(), 0400);
  EXPECT_EQ(check_set("store.database=kept/repos.db").exit_code, 78);
}

TEST_F(Check, RunsNoCommandButLooksForItsProgram) {
  const auto code = [this](const std::string& command) {
    return check_set("provider.tokens=['cmd:" + command + "']").exit_code;
  };
  EXPECT_EQ(code("/bin/false"), 0);
  EXPECT_EQ(code("touch made-by-the-command; false"), 0);
  EXPECT_EQ(code("$HOME/bin/token"), 0) << "only a run can tell";
  EXPECT_EQ(code("/no/such/program --flag"), 78);
  EXPECT_EQ(code((nightly.folder() / "users.txt").string()), 78) << "not executable";
  EXPECT_FALSE(std::filesystem::exists(nightly.folder() / "made-by-the-command"));
}

TEST_F(Check, FindsAVariableWhoseFileHoldsNoCertificate) {
  nightly.folder().write("ca.pem", std::string(kCertificate));
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    Program one = program({});
    one.environment = {{name, nightly.folder() / "users.txt"}};
    Ended ended = run(one);
    EXPECT_EQ(ended.exit_code, 78);
    EXPECT_THAT(ended.err, AllOf(HasSubstr(std::string("environment variable ") + name),
                                 HasSubstr("it holds no certificate")));
    one.arguments[1] = "run";
    EXPECT_EQ(run(one).exit_code, 78);
    one.arguments[1] = "check";
    one.environment = {{name, nightly.folder() / "ca.pem"}};
    EXPECT_EQ(run(one).exit_code, 0);
  }
}

TEST_F(Check, OnlineTellsOfEachToken) {
  constexpr const char* kGood = "ghp_goodgoodgoodgoodgood1111";
  constexpr const char* kBad = "ghp_badbadbadbadbadbadbad2222";
  const Simulator github(small_world() +
                         std::vector<std::string>{"--bad-token", kBad, "--token-expiration",
                                                  std::string(kGood) + "=2026-12-31 10:00:00 UTC"});
  nightly.ask(github.base_url());
  Program one = program({"--online", "--set", "provider.tokens=['env:GOOD']"});
  one.environment = {{"GOOD", kGood}, {"BAD", kBad}};
  const Ended good = run(one);
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, AllOf(HasSubstr("token "), HasSubstr("owner "), HasSubstr("scopes"),
                              HasSubstr("env:GOOD (...1111)"), HasSubstr("9999999"),
                              HasSubstr("2026-12-31T10:00:00")));
  one.arguments.back() = "provider.tokens=['env:GOOD', 'env:BAD']";
  const Ended bad = run(one);
  EXPECT_EQ(bad.exit_code, 77);
  EXPECT_THAT(bad.err,
              AllOf(HasSubstr("provider.tokens[1]: the API refuses it: HTTP 401: Bad credentials"),
                    Not(HasSubstr(kBad))));
  EXPECT_FALSE(std::filesystem::exists(nightly.database()));
}

// Forgejo repeats the token in its message.
TEST_F(Check, OnlineRepeatsNoTextOfARefusalThatTheProviderKeepsBack) {
  constexpr const char* kToken = "0123456789abcdef0123456789abcdef01234567";
  const repopipe::testing::HttpServer forgejo([&](const std::string&) {
    return repopipe::testing::response(
        "401 Unauthorized", "Content-Type: application/json\r\n",
        fmt::format(R"({{"message":"access token does not exist [sha: {}]"}})", kToken));
  });
  nightly.ask(forgejo.base_url());
  Program one = program(
      {"--online", "--set", "provider.kind=gitea", "--set", "provider.tokens=['env:TOKEN']"});
  one.environment = {{"TOKEN", kToken}};
  const Ended ended = run(one);
  EXPECT_EQ(ended.exit_code, 77);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("provider.tokens[0]: the API refuses it: HTTP 401: the token is not "
                              "valid"),
                    Not(HasSubstr(kToken))));
}

TEST_F(Check, OnlineNamesTheAddressThatCannotBeReached) {
  nightly.ask("http://127.0.0.1:9");
  const Ended ended = check({"--online"});
  EXPECT_EQ(ended.exit_code, 69);
  EXPECT_THAT(ended.err, HasSubstr("provider.base_url: http://127.0.0.1:9 cannot be reached: "));
}

TEST_F(Check, OnlineNeedsNoToken) {
  const Simulator github(small_world());
  nightly.ask(github.base_url());
  const Ended ended = check({"--online"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("(none)"));
}

TEST_F(Check, ExplainAsJsonHasTheValueOfTheJob) {
  const Ended ended = run({.arguments = {repopipe_binary(), "explain", "provider.base_url",
                                         "--json", "--job", nightly.job()}});
  const auto key = nlohmann::json::parse(ended.out);
  EXPECT_EQ(key["key"], "provider.base_url");
  EXPECT_EQ(key["value"], "https://127.0.0.1:9");
  EXPECT_THAT(std::string(key["origin"]), HasSubstr("nightly.yaml:"));
  const Ended all = run({.arguments = {repopipe_binary(), "explain", "fetch", "--json"}});
  EXPECT_EQ(std::ranges::count(all.out, '\n'), 6);
}

}  // namespace
}  // namespace repopipe::e2e
