// Produces every row of the table of ends (pipeline/report/ends.cc): the first line has the word,
// the code and the cause, the second one says what to do.
#include "pipeline/report/ends.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <map>

#include "tests/e2e/deliver.h"
#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/http_server.h"
#include "tests/testing/redis_server.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::HttpServer;
using repopipe::testing::RedisServer;
using repopipe::testing::response;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

std::string set(const std::string& setting) {
  return "--set=" + setting;
}

// An API that gives every request this response.
class Answering {
 public:
  explicit Answering(const std::string& status, const std::string& headers = "",
                     const std::string& body = "{}")
      : server_([=](const std::string&) { return response(status, headers, body); }) {}

  Ended run(const Words& words = {}, const Words& users = {"octocat"}) const {
    return Nightly(server_.base_url(), users).run(words);
  }
  std::string base_url() const { return server_.base_url(); }

 private:
  HttpServer server_;
};

// A run that is held in its first request.
struct Held {
  Held() { api.wait_until_held(1); }
  Ended after(int signal) {
    deliver(process, signal);
    api.open();
    return process.wait();
  }

  GatedApi api{0};
  Nightly nightly{api.base_url(), {"octocat"}};
  Process process{nightly.program()};
};

// The API answers so many requests.
Ended of_a_second_night(int free, const std::function<void(const Nightly&)>& change,
                        const Words& words = {}) {
  const GatedApi api(free);
  const Nightly nightly(api.base_url(), {"octocat"});
  EXPECT_EQ(nightly.run().exit_code, 0);
  change(nightly);
  return nightly.run(words);
}

Ended with_limits(const std::string& limits) {
  const GatedApi api(100);
  const Nightly nightly(api.base_url(), {"octocat"});
  Program program = nightly.program();
  program.arguments.insert(program.arguments.begin(),
                           {"/bin/sh", "-c", limits + "; exec \"$0\" \"$@\""});
  return run(program);
}

Ended complete() {
  const GatedApi api(100);
  return Nightly(api.base_url(), {"octocat"}).run();
}

Ended usage() {
  return Nightly("http://127.0.0.1:9", {"octocat"}).run({"--quite"});
}

Ended users_failed() {
  const HttpServer api([](const std::string& head) {
    const bool is_bad = head.find("/users/bad/") != std::string::npos;
    return response("200 OK", "", is_bad ? "<html>" : short_page("good"));
  });
  return Nightly(api.base_url(), {"good", "bad"}).run();
}

Ended users_vanished() {
  const GatedApi api(100);
  Words users;
  for (int i = 0; i < 30; ++i) users.push_back("user-" + std::to_string(i));
  Nightly nightly(api.base_url(), users);
  EXPECT_EQ(nightly.run().exit_code, 0);
  const HttpServer later([](const std::string& head) {
    const bool is_left = head.find("/users/user-0/") != std::string::npos;
    return is_left ? response("200 OK", "", short_page("user-0"))
                   : response("404 Not Found", "", R"({"message":"Not Found"})");
  });
  nightly.ask(later.base_url());
  return nightly.run({"--accept-host"});
}

Ended queue() {
  const RedisServer without_workers;
  return Nightly("http://127.0.0.1:9", {"octocat"})
      .run({set("execution.queue=" + without_workers.url()), set("run.max_wait=1s")});
}

Ended proxy_login() {
  const Answering proxy("407 Proxy Authentication Required",
                        "Proxy-Authenticate: Basic realm=\"corp\"\r\n");
  const Nightly nightly("http://api.example", {"octocat"});
  Program program = nightly.program();
  program.environment["http_proxy"] = proxy.base_url();
  return run(program);
}

// Every worker process dies before it is ready.
Ended internal() {
  const Nightly nightly("http://127.0.0.1:9", {"octocat"});
  Program program = nightly.program({set("execution.processes=2")});
  program.arguments[0] = REPOPIPE_BINARY_DIR "/poisoned_repopipe";
  program.environment["REPOPIPE_TEST_POISONED_WORKERS"] = "1";
  return run(program);
}

Ended cannot_create() {
  return Nightly("http://127.0.0.1:9", {"octocat"}).run({set("store.database=missing/repos.db")});
}

Ended damaged() {
  return of_a_second_night(100, [](const Nightly& nightly) {
    execute(nightly.database(), "PRAGMA foreign_keys = OFF; DROP TABLE pages");
  });
}

Ended displaced() {
  Held run;
  std::filesystem::remove(run.nightly.database());
  run.api.open();
  return run.process.wait();
}

Ended database() {
  return of_a_second_night(100, [](const Nightly& nightly) {
    execute(nightly.database(),
            "CREATE TRIGGER mine BEFORE INSERT ON run_users BEGIN SELECT RAISE(ABORT, 'no'); END");
  });
}

Ended overlap() {
  const Held first;
  return first.nightly.run();
}

Ended deadline() {
  return of_a_second_night(1, [](const Nightly&) {},
                           {set("run.deadline=1s"), set("fetch.timeout=1s")});
}

Ended limited() {
  return Answering("403 Forbidden", "Retry-After: 7200\r\n",
                   R"({"message":"You have exceeded a secondary rate limit"})")
      .run({set("run.max_wait=1m")});
}

Ended no_token() {
  const Answering api("401 Unauthorized", "", R"({"message":"Bad credentials"})");
  const Nightly nightly(api.base_url(), {"octocat"});
  Program program = nightly.program({set("provider.tokens=['env:TOKEN']")});
  program.environment["TOKEN"] = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  return run(program);
}

Ended bad_job() {
  return Nightly("http://127.0.0.1:9", {"octocat"}).run({set("fetch.concurrency=many")});
}

const std::map<std::string_view, std::function<Ended()>> kProduced{
    {"complete", complete},
    {"usage", usage},
    {"users_failed", users_failed},
    {"nobody_listed",
     [] { return Answering("404 Not Found", "", R"({"message":"Not Found"})").run(); }},
    {"list_failed",
     [] {
       return Answering("404 Not Found", "", R"({"message":"Not Found"})")
           .run({}, {"members:nobody"});
     }},
    {"users_vanished", users_vanished},
    {"unreachable",
     [] {
       return Nightly("https://no-such-host.invalid", {"octocat"}).run({set("fetch.attempts=1")});
     }},
    {"queue", queue},
    {"proxy_login", proxy_login},
    {"retired",
     [] {
       return Answering("400 Bad Request", "", R"({"message":"Unsupported API version"})").run();
     }},
    {"internal", internal},
    {"machine_limit", [] { return with_limits("ulimit -n 8"); }},
    {"cannot_create", cannot_create},
    {"disk", [] { return with_limits("ulimit -f 40"); }},
    {"damaged", damaged},
    {"displaced", displaced},
    {"database", database},
    {"overlap", overlap},
    {"deadline", deadline},
    {"limited", limited},
    {"no_token", no_token},
    {"bad_job", bad_job},
    {"interrupted", [] { return Held().after(SIGINT); }},
    {"terminated", [] { return Held().after(SIGTERM); }},
};

// Lines of the run's progress may come before.
std::string end_in(const std::string& said, const EndRow& row) {
  const std::string code = "(" + std::to_string(static_cast<int>(row.exit_code)) + "): ";
  for (const std::string_view word : {row.word, std::string_view("not started")}) {
    const std::size_t at = said.find("nightly: " + std::string(word) + " " + code);
    if (at != said.npos) return said.substr(at);
  }
  return {};
}

// The beginning of the action, without a value of the job.
std::string begin_of(std::string_view action) {
  return std::string(action.substr(0, std::min<std::size_t>(action.find('{'), 30)));
}

class EachEnd : public ::testing::TestWithParam<EndRow> {};

TEST_P(EachEnd, BeginWithTheCauseAndTheRemedy) {
  const EndRow& row = GetParam();
  const auto produced = kProduced.find(row.name);
  ASSERT_NE(produced, kProduced.end()) << "no way to end with " << row.name;
  const Ended ended = produced->second();
  EXPECT_EQ(ended.exit_code, static_cast<int>(row.exit_code)) << ended.err;
  if (row.exit_code == ExitCode::complete) {
    EXPECT_THAT(ended.err, HasSubstr("nightly: complete in "));
    return;
  }
  const std::string end = end_in(ended.err, row);
  EXPECT_THAT(end.substr(end.find('\n') + 1), StartsWith("  do     " + begin_of(row.action)))
      << ended.err;
}

INSTANTIATE_TEST_SUITE_P(Ends, EachEnd, ::testing::ValuesIn(end_rows().begin(), end_rows().end()),
                         [](const ::testing::TestParamInfo<EndRow>& row) {
                           return std::string(row.param.name);
                         });

TEST(Ends, OfAWrongCommandLineAreOfTheSameForm) {
  const std::vector<std::vector<std::string>> mistakes{{},
                                                       {"job.yaml", "--no-such-flag"},
                                                       {"job.yaml", "--progress", "sometimes"},
                                                       {"job.yaml", "--summary", "xml"},
                                                       {"job.yaml", "--set", "fetch"},
                                                       {"a.yaml", "b.yaml"}};
  for (const auto& mistake : mistakes) {
    Program program{.arguments = {repopipe_binary(), "run"}};
    program.arguments.insert(program.arguments.end(), mistake.begin(), mistake.end());
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, 64);
    EXPECT_THAT(ended.err, AllOf(HasSubstr(": wrong command line (64): "),
                                 EndsWith("\n  do     repopipe run --help\n")));
  }
}

TEST(Ends, OfAWrongCommandLineDoNotTakeTheCommandForAJob) {
  const TempFolder folder;
  folder.write("run", "name: not-a-job\n");
  const Ended ended =
      run({.arguments = {repopipe_binary(), "run", "--quite"}, .folder = folder.path()});
  EXPECT_THAT(ended.err, StartsWith("repopipe: wrong command line (64): "));
}

}  // namespace
}  // namespace repopipe::e2e
