#include "pipeline/job/load.h"

#include <fmt/format.h>

#include "pipeline/job/job_keys.h"
#include "tests/pipeline/job/job_fixture.h"
#include "tests/testing/certificate.h"

namespace repopipe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::string_view kEveryKeyInYaml = R"(# a comment
name: nightly
source:
  usernames: [octocat, 'torvalds', "app[bot]"]
  usernames_file: lists/../users.txt
provider:
  kind: github
  base_url: HTTPS://ghe.example.com:8443/api/v3/
  tokens:
    - env:GOOD_TOKEN
    - file:token.txt
    - "cmd:pass show github"
  ca_file: ca.pem
  per_page: 0x32
  command_timeout: 5s
fetch:
  engine: threads
  concurrency: 32
  timeout: 1m30s
  attempts: +7
  backoff: 250ms
  max_body: 1GiB
parse: {concurrency: 4}
transforms: [drop_forks, keep_columns: {columns: [language, size]}]
store: {database: ../out/repos.db, access: group, keep_requests: 7d, keep_users: forever}
execution: {processes: 1, worker_memory: 1GiB, queue: "redis://127.0.0.1:6379/1", lease: 20s}
limits:
  concurrent: 0
  requests_per_minute: 60
  response_seconds_per_minute: 30
  reserve: 1000
run:
  deadline: 2h
  max_wait: 0s
  connect_wait: 10s
  resume_within: 1d
  fail_ratio: 5e-2
  max_vanished: .5
  on_overlap: wait
ping: {url: https://monitor.example/the-id, timeout: 3s}
metrics: {textfile: nightly.prom}
log: {file: run.log, format: json}
report: {html: page.html, nights: 60}
hooks: {after: "mail -s done root", timeout: 1m}
)";

constexpr std::string_view kEveryKeyInJson = R"({
  "name": "nightly",
  "source": {"usernames": ["octocat", "torvalds", "app\u005bbot]"],
             "usernames_file": "lists/../users.txt"},
  "provider": {"kind": "github", "base_url": "HTTPS://ghe.example.com:8443/api/v3/",
               "tokens": ["env:GOOD_TOKEN", "file:token.txt", "cmd:pass show github"],
               "ca_file": "ca.pem", "per_page": 50, "command_timeout": "5s"},
  "fetch": {"engine": "threads", "concurrency": 32, "timeout": "1m30s", "attempts": 7,
            "backoff": "250ms", "max_body": "1GiB"},
  "parse": {"concurrency": 4},
  "transforms": ["drop_forks", {"keep_columns": {"columns": ["language", "size"]}}],
  "store": {"database": "../out/repos.db", "access": "group", "keep_requests": "7d",
            "keep_users": "forever"},
  "execution": {"processes": 1, "worker_memory": "1GiB", "queue": "redis://127.0.0.1:6379/1",
                "lease": "20s"},
  "limits": {"concurrent": 0, "requests_per_minute": 60, "response_seconds_per_minute": 30,
             "reserve": 1000},
  "run": {"deadline": "2h", "max_wait": "0s", "connect_wait": "10s", "resume_within": "1d",
          "fail_ratio": 0.05, "max_vanished": 0.5, "on_overlap": "wait"},
  "ping": {"url": "https://monitor.example/the-id", "timeout": "3s"},
  "metrics": {"textfile": "nightly.prom"},
  "log": {"file": "run.log", "format": "json"},
  "report": {"html": "page.html", "nights": 60},
  "hooks": {"after": "mail -s done root", "timeout": "1m"}
})";

std::string every_key(const std::filesystem::path& folder) {
  const std::string out = (folder.parent_path() / "out/repos.db").string();
  return fmt::format(
      "name nightly\n"
      "source.usernames octocat torvalds app[bot]\nsource.usernames_file {0}/users.txt\n"
      "provider.kind github\nprovider.base_url HTTPS://ghe.example.com:8443/api/v3\n"
      "provider.tokens env:GOOD_TOKEN file:{0}/token.txt cmd:pass show github\n"
      "provider.ca_file {0}/ca.pem\nprovider.per_page 50\nprovider.command_timeout 5000 ms\n"
      "fetch.engine threads\nfetch.concurrency 32\nfetch.timeout 90000 ms\nfetch.attempts 7\n"
      "fetch.backoff 250 ms\nfetch.max_body 1073741824\n"
      "parse.concurrency 4\n"
      "transforms drop_forks() keep_columns(language,size) \n"
      "store.database {1}\nstore.access group\nstore.keep_requests 604800000 ms\n"
      "store.keep_users 9223372036854775807 ms\n"
      "execution.processes 1\nexecution.worker_memory 1073741824\n"
      "execution.queue redis://127.0.0.1:6379/1\nexecution.lease 20000 ms\n"
      "limits.concurrent 0\nlimits.requests_per_minute 60\n"
      "limits.response_seconds_per_minute 30\nlimits.reserve 1000\n"
      "run.deadline 7200000 ms\nrun.max_wait 0 ms\nrun.connect_wait 10000 ms\n"
      "run.resume_within 86400000 ms\nrun.fail_ratio 0.05\nrun.max_vanished 0.5\n"
      "run.on_overlap wait\n"
      "ping.url https://monitor.example/the-id\nping.timeout 3000 ms\n"
      "metrics.textfile {0}/nightly.prom\n"
      "log.file {0}/run.log\nlog.format json\n"
      "report.html {0}/page.html\nreport.nights 60\n"
      "hooks.after mail -s done root\nhooks.timeout 60000 ms\n",
      folder.string(), out);
}

using Load = JobTest;

TEST_F(Load, AJobMayHaveTwoLines) {
  write("two.lines.yaml", "source:\n  usernames: [octocat]\n");
  const LoadedJob loaded = load("two.lines.yaml");
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  Job expected;
  expected.name = "two.lines";
  expected.source.usernames = {"octocat"};
  expected.store.database = folder / "repos.db";
  EXPECT_EQ(told(loaded.job), told(expected));
  EXPECT_EQ(loaded.users.count, 1U);
  EXPECT_THAT(logins_of(loaded.users), ElementsAre("octocat"));
}

TEST_F(Load, YamlAndJsonGiveTheSameJob) {
  write("token.txt", "x");
  write("ca.pem", kCertificate);
  write("users.txt", "sqlite\n");
  write("job.yaml", kEveryKeyInYaml);
  write("job.json", kEveryKeyInJson);
  for (const char* name : {"job.yaml", "job.json"}) {
    const LoadedJob loaded = load(name);
    EXPECT_THAT(shown(loaded.diagnostics), IsEmpty()) << name;
    EXPECT_EQ(told(loaded.job), every_key(folder)) << name;
    for (const JobKey& key : job_keys()) {
      EXPECT_TRUE(loaded.written.contains(std::string(key.path))) << name << " lacks " << key.path;
    }
    EXPECT_THAT(logins_of(loaded.users), ElementsAre("octocat", "torvalds", "app[bot]", "sqlite"));
  }
}

TEST_F(Load, DefaultsOfTheTableAreThoseOfAJob) {
  std::string text = "{source: {usernames: [octocat]}}";
  write("job.yaml", text);
  std::vector<std::string> overrides;
  for (const JobKey& key : job_keys()) {
    if (key.path == "name" || key.path == "source.usernames") continue;
    overrides.push_back(fmt::format("{}={}", key.path, key.default_text));
  }
  const LoadedJob plain = load("job.yaml");
  const LoadedJob written = load("job.yaml", overrides);
  EXPECT_THAT(shown(written.diagnostics), IsEmpty());
  EXPECT_EQ(told(written.job), told(plain.job));
}

TEST_F(Load, EmptySectionsAndNullsAreDefaults) {
  EXPECT_THAT(diagnostics_of("job.yaml", R"(
source:
  usernames: [octocat]
  usernames_file:
provider: {tokens: ~, ca_file: null, base_url: }
fetch:
parse: {}
run: null
)"),
              IsEmpty());
}

TEST_F(Load, AllErrorsAreReportedInOrder) {
  write("users.txt", "octocat\n@torvalds\n");
  EXPECT_THAT(diagnostics_of("job.yaml", R"(fetch:
  timout: 30s
  concurrency: many
source:
  usernames_file: users.txt
  usernames: [a/b]
provider:
  tokens: ["env:MISSING_TOKEN"]
)",
                             {"run.deadline=30"}),
              ElementsAre("job.yaml:2:3: unknown key fetch.timout: did you mean fetch.timeout?",
                          "job.yaml:3:16: fetch.concurrency is \"many\": expected a whole number "
                          "from 1 to 1000",
                          "job.yaml:6:15: \"a/b\" is not a username: that is a repository; its "
                          "owner is a",
                          "job.yaml:8:12: provider.tokens[0] is \"env:MISSING_TOKEN\": this "
                          "environment variable is not set",
                          "--set run.deadline=30: run.deadline is 30: a duration needs a unit, as "
                          "in 30s",
                          "users.txt:2:1: \"@torvalds\" is not a username: leave out the @ and "
                          "write torvalds"));
}

TEST_F(Load, ColumnsCountCharacters) {
  const std::vector<std::string> yaml = diagnostics_of(
      "job.yaml", "\xEF\xBB\xBF{name: h\u00e9\u00e9\U0001F600, nam: 1, source: {usernames: [a]}}");
  EXPECT_THAT(yaml, ElementsAre("job.yaml:1:14: unknown key nam: did you mean name?"));
  const std::vector<std::string> json =
      diagnostics_of("job.json",
                     "\xEF\xBB\xBF{\"name\": \"h\u00e9\u00e9\U0001F600\", \"nam\": 1, \"source\": "
                     "{\"usernames\": [\"a\"]}}");
  EXPECT_THAT(json, ElementsAre("job.json:1:18: unknown key nam: did you mean name?"));
}

TEST_F(Load, LinesMayEndLikeOnWindows) {
  EXPECT_THAT(
      diagnostics_of("job.yaml", "source:\r\n  usernames:\r\n    - octocat\r\n    - a/b\r\n"),
      ElementsAre(HasSubstr("job.yaml:4:7: \"a/b\" is not a username")));
}

TEST_F(Load, AliasesRepeatWhatTheyName) {
  write("job.yaml", "source: {usernames: &who [octocat, &one torvalds, *one]}\nname: *one\n");
  const LoadedJob loaded = load("job.yaml");
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_EQ(loaded.job.name, "torvalds");
  EXPECT_THAT(logins_of(loaded.users), ElementsAre("octocat", "torvalds", "torvalds"));
}

TEST_F(Load, AliasesThatExpandTooMuchAreRefused) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name < 'l'; ++name) {
    const std::string alias = fmt::format("*{}", static_cast<char>(name - 1));
    bomb +=
        fmt::format("{0}: &{0} [{1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}, {1}]\n", name, alias);
  }
  EXPECT_THAT(diagnostics_of("job.yaml", bomb), ElementsAre(HasSubstr("aliases repeat too much")));
}

TEST_F(Load, AnUnknownExtensionIsDecidedByTheFirstCharacter) {
  EXPECT_THAT(diagnostics_of("job.conf", " {\"source\": {\"usernames\": [\"a\",]}}"),
              ElementsAre("job.conf:1:31: broken JSON: no comma may follow the last entry"));
  EXPECT_THAT(diagnostics_of("job", "source: {usernames: [a,]}"), IsEmpty());
}

TEST_F(Load, APathThatIsNoFileIsReported) {
  std::filesystem::create_directory(folder / "folder.yaml");
  EXPECT_THAT(shown(load("folder.yaml").diagnostics),
              ElementsAre((folder / "folder.yaml").string() + ": it is a directory, not a file"));
  EXPECT_THAT(shown(load("missing.yaml").diagnostics),
              ElementsAre((folder / "missing.yaml").string() + ": there is no such file"));
  EXPECT_THAT(shown(load_job("-", {}, process_environment()).diagnostics),
              ElementsAre("-: a job is a file; it cannot come from standard input"));
}

TEST_F(Load, AJobFileHasALimit) {
  write("job.yaml", "");
  std::filesystem::resize_file(folder / "job.yaml", (64 << 20) + 1);
  EXPECT_THAT(shown(load("job.yaml").diagnostics),
              ElementsAre(HasSubstr("a job file has at most 64 MiB")));
}

TEST_F(Load, ATokenIsNeverRevealed) {
  const std::string secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
  const std::string shape = "source: {usernames: [a]}\n";
  for (const std::string& text : {
           shape + "provider: {tokens: [" + secret + "]}",
           shape + "provider: {tokens: [\"file:" + secret + "\"]}",
           shape + "provider: {tokens: " + secret + "}",
           shape + "provider: {base_url: \"https://" + secret + "@x\"}",
           shape + "provider: {base_url: \"" + secret + "\"}",
           shape + "fetch: {timeout: " + secret + ", engine: " + secret + "}",
           shape + secret + ": 1",
           shape + "fetch: {" + secret + ": {a: 1}}",
           shape + "fetch: " + secret,
           shape + "? [" + secret + "]\n: *" + secret,
           "source: {usernames: [" + secret + "x]}",
           "source: {usernames_file: " + secret + "}",
       }) {
    const std::vector<std::string> diagnostics = diagnostics_of("job.yaml", text);
    EXPECT_THAT(diagnostics, testing::Not(IsEmpty())) << text;
    EXPECT_THAT(diagnostics, testing::Each(testing::Not(HasSubstr("qrstuvwxyz")))) << text;
  }
}

}  // namespace
}  // namespace repopipe
