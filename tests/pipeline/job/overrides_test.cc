#include <fmt/format.h>

#include "pipeline/job/job_keys.h"
#include "pipeline/job/load.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kJob =
    "source: {usernames: [octocat]}\nfetch: {concurrency: nonsense}\n";

class Overrides : public JobTest {
 protected:
  std::vector<std::string> diagnostics(const std::vector<std::string>& overrides) const {
    return diagnostics_of("job.yaml", kJob, overrides);
  }
};

TEST_F(Overrides, ReplaceValuesOfTheFile) {
  write("job.yaml", kJob);
  const LoadedJob loaded =
      load("job.yaml", {"fetch.concurrency=16", "fetch.concurrency=32", "source.usernames=[a, b,c]",
                        "provider.base_url=http://127.0.0.1:8080", "run.deadline=1h30m # tonight",
                        "store.database=sub/x.db", "provider.tokens=[env:GOOD_TOKEN]", "name=a b"});
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_EQ(loaded.job.fetch.concurrency, 32);
  EXPECT_EQ(loaded.job.provider.base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(loaded.job.run.deadline, std::chrono::minutes(90));
  EXPECT_EQ(loaded.job.store.database, folder / "sub/x.db");
  EXPECT_THAT(loaded.job.provider.tokens, ElementsAre("env:GOOD_TOKEN"));
  EXPECT_EQ(loaded.job.name, "a b");
  EXPECT_THAT(logins_of(loaded.users), ElementsAre("a", "b", "c"));
}

TEST_F(Overrides, ReplaceASectionAsAWhole) {
  write("job.yaml", "source: {usernames: [octocat]}\nfetch: {attempts: 2, engine: threads}\n");
  const LoadedJob loaded = load("job.yaml", {"fetch={concurrency: 3}"});
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_EQ(loaded.job.fetch.attempts, Job::Fetch{}.attempts);
  EXPECT_EQ(loaded.job.fetch.engine, EngineKind::event_loop);
  EXPECT_EQ(loaded.job.fetch.concurrency, 3);
}

// Else the value of an unset variable of a shell would be the default, such as the real GitHub.
TEST_F(Overrides, EmptyIsAMistakeForEveryKey) {
  for (const JobKey& key : job_keys()) {
    for (const std::string blank : {"", " ", " # nothing"}) {
      EXPECT_THAT(diagnostics({"fetch={}", fmt::format("{}={}", key.path, blank)}),
                  ElementsAre(HasSubstr("the value is empty: write null for the default")))
          << key.path;
    }
    const auto empty = diagnostics({"fetch={}", fmt::format("{}=\"\"", key.path)});
    ASSERT_FALSE(empty.empty()) << key.path;
    EXPECT_THAT(empty[0], HasSubstr(std::string(key.path)));
  }
}

TEST_F(Overrides, NullIsTheDefault) {
  write("job.yaml", kJob);
  const LoadedJob loaded = load("job.yaml", {"fetch.concurrency=null"});
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_EQ(loaded.job.fetch.concurrency, 8);
}

TEST_F(Overrides, AreAllReportedInTheirOrder) {
  EXPECT_THAT(diagnostics({"source.usernames=[\"@a\"]", "fetch={attempts: 1, attempts: 2}",
                           "fetch.timout=3s", "parse.concurrency=0"}),
              ElementsAre("--set source.usernames=...: \"@a\" is not a username: leave out the @ "
                          "and write a",
                          "--set fetch={attempts: 1, attempts: 2}: fetch.attempts is given twice",
                          "--set fetch.timout=3s: unknown key fetch.timout: did you mean "
                          "fetch.timeout?",
                          "--set parse.concurrency=0: parse.concurrency is 0: expected auto or a "
                          "whole number from 1 to 256"));
}

TEST_F(Overrides, EachIsReportedSeparately) {
  const auto said = [this](const std::string& text) {
    return diagnostics({"fetch={}", text}).at(0);
  };
  EXPECT_EQ(said("fetch.concurrency=x"),
            "--set fetch.concurrency=x: fetch.concurrency is \"x\": expected a whole number from 1 "
            "to 1000");
  EXPECT_EQ(said("fetch.timeout=30"),
            "--set fetch.timeout=30: fetch.timeout is 30: a duration needs a unit, as in 30s");
  EXPECT_EQ(said("fetch.x.y=1"),
            "--set fetch.x.y=1: unknown key fetch.x: fetch has engine, concurrency, timeout, "
            "attempts, backoff, max_body");
  EXPECT_EQ(said("concurrency=1"),
            "--set concurrency=1: unknown key concurrency: did you mean fetch.concurrency?");
  EXPECT_EQ(said("foo"), "--set foo: expected path=value, as in fetch.concurrency=32");
  EXPECT_EQ(said("=3"), "--set =3: expected path=value, as in fetch.concurrency=32");
  EXPECT_EQ(said(""), "--set : expected path=value, as in fetch.concurrency=32");
  EXPECT_EQ(said("name=a, b"),
            "--set name=a, b: more than one value: write [a, b] for a list, and text in quotes");
  EXPECT_EQ(said("name=\"a"), "--set name=\"a: the value cannot be read: this quote is not closed");
  EXPECT_EQ(
      said("name=a]\n---\n[b"),
      "--set name=a]\\x0a---\\x0a[b: the value cannot be read: a job file holds one document; "
      "a second one begins here");
  EXPECT_EQ(said("name=a\xff"),
            "--set name=a\\xff: the value cannot be read: this is not UTF-8: save the file in that "
            "encoding");
  EXPECT_EQ(said("source.usernames_file=missing.txt"),
            "--set source.usernames_file=missing.txt: source.usernames_file is \"missing.txt\": "
            "there is no such file (looked for \"missing.txt\")");
}

TEST_F(Overrides, UnclosedBracketsAndQuotesAreReported) {
  for (const std::string text : {"{attempts: 2", "[a, [b", "[a, [b]", "{a: {b: 1}", "{a: [1"}) {
    EXPECT_THAT(diagnostics({"fetch={}", "fetch=" + text}),
                ElementsAre(HasSubstr("the value cannot be read: this bracket is not closed")))
        << text;
  }
  for (const std::string text : {"a]", "[a]]", "}", "{attempts: 2}}"}) {
    EXPECT_THAT(diagnostics({"fetch={}", "fetch=" + text}),
                ElementsAre(HasSubstr("the value cannot be read: ")))
        << text;
  }
  EXPECT_THAT(diagnostics({"fetch={}", "fetch={a: 'x}"}),
              ElementsAre(HasSubstr("quote is not closed")));
  EXPECT_THAT(diagnostics({"fetch={}", "name=!!str x"}), ElementsAre(HasSubstr("YAML tags")));
  EXPECT_THAT(diagnostics({"fetch={}", "name='x' y"}),
              ElementsAre(HasSubstr("more text follows the value")));
}

// One message, whatever the file has for that key.
TEST_F(Overrides, BelowAKeyAreReported) {
  for (const std::string file : {"", "fetch: {attempts: 2}\n", "fetch: {attempts: {x: 2}}\n"}) {
    const auto said =
        diagnostics_of("job.yaml", "source: {usernames: [a]}\n" + file, {"fetch.attempts.x=1"});
    EXPECT_THAT(said, testing::Contains("--set fetch.attempts.x=1: unknown key fetch.attempts.x: "
                                        "fetch.attempts takes a whole number from 1 to 20"));
    EXPECT_EQ(said.size(), file.ends_with("}}\n") ? 2U : 1U);
  }
  EXPECT_THAT(diagnostics({"fetch={}", "name.a.b=1"}),
              ElementsAre(HasSubstr("--set name.a.b=...: unknown key name.a.b: name takes ")));
  EXPECT_THAT(diagnostics({"fetch={}", "provider.tokens.x=hunter2-hunter2"}),
              ElementsAre(HasSubstr("--set provider.tokens.x=...: unknown key provider.tokens.x")));
}

TEST_F(Overrides, BelowAValueAreReported) {
  EXPECT_THAT(
      diagnostics_of("job.yaml", "source: {usernames: [a]}\nfetch: 3\n", {"fetch.attempts=2"}),
      ElementsAre("job.yaml:2:8: fetch is 3: expected a section"));
}

TEST_F(Overrides, NeverRevealASecret) {
  for (const std::string secret :
       {"provider.tokens=[hunter2-hunter2-hunter2]", "execution.queue=redis://:hunter2@localhost:x",
        "provider.base_url=https://me:hunter2@localhost",
        "name=ghp_hunter2hunter2hunter2hunter2x, x"}) {
    const std::vector<std::string> said = diagnostics({"fetch={}", secret});
    EXPECT_EQ(said.size(), 1U) << secret;
    EXPECT_THAT(said.at(0), testing::Not(HasSubstr("hunter2-"))) << secret;
    EXPECT_THAT(said.at(0), testing::Not(HasSubstr("hunter2@"))) << secret;
    EXPECT_THAT(said.at(0), testing::Not(HasSubstr("hunter2h"))) << secret;
  }
}

}  // namespace
}  // namespace repopipe
