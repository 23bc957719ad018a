// No secret stands in what leaves the program, wherever it was entered and however the run ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// One without the form of a GitHub token, which can only be masked if it is known, and one with it.
constexpr const char* kSecret = "Sw0rdf1sh-Tango";
const std::string kToken = "ghp_" + std::string(32, 'k') + "wxyz";

// One way to enter a secret where a message could repeat it.
struct Entry {
  std::string name;
  std::vector<std::string> arguments;  // after `run JOB`; {} is the job's folder
  std::map<std::string, std::string> environment{};
};

void PrintTo(const Entry& entry, std::ostream* out) {
  *out << entry.name;
}

std::vector<std::string> set(const std::string& setting) {
  return {"--set", setting};
}

std::vector<Entry> entries() {
  const std::string secret = kSecret;
  std::vector<Entry> all{
      {"BaseUrl", set("provider.base_url=http://u:" + secret + "@127.0.0.1:1")},
      {"BaseUrlTwice", set("provider.base_url=http://u:" + secret + "@h@127.0.0.1:1")},
      {"QueuePassword", set("execution.queue=redis://:" + secret + "@127.0.0.1:1/0")},
      {"QueuePort", set("execution.queue=redis://127.0.0.1:" + secret + "/0")},
      {"QueueWithoutScheme", set("execution.queue=:" + secret + "@127.0.0.1")},
      {"TokenItself", set("provider.tokens=['" + secret + "']")},
      {"TokenAsText", set("provider.tokens=" + secret)},
      {"TokenOfAWrongKey", set("provider.token=" + secret)},
      {"TokenOfAWrongSection", set("providers.tokens=[" + secret + "]")},
      {"MalformedSet", set("provider.tokens=['" + secret)},
      {"UnknownOption", {"--token", secret}},
      {"UnknownOptionWithEquals", {"--access-token=" + secret}},
      {"CommandText", set("provider.tokens=['cmd:test " + secret + " = x']")},
      {"CommandOutput", set("provider.tokens=['cmd:echo two " + secret + "']")},
      {"CommandThatFails", set("provider.tokens=['cmd:echo " + secret + "; exit 3']")},
      {"CommandErrors",
       set("provider.tokens=['cmd:echo " + secret + "; echo " + secret + " >&2']")},
      {"CommandThatWorks", set("provider.tokens=['cmd:echo " + secret + "']")},
      {"TwoWordsInAVariable", set("provider.tokens=['env:T']"), {{"T", "two " + secret}}},
      {"Variable", set("provider.tokens=['env:T']"), {{"T", secret}}},
      {"QueueVariable",
       set("execution.queue=env:Q"),
       {{"Q", "redis://x:" + secret + "@127.0.0.1:x"}}},
      {"QueueDown", set("execution.queue=env:Q"), {{"Q", "redis://x:" + secret + "@127.0.0.1:1"}}}};
  for (const char* variable : {"http_proxy", "all_proxy"}) {
    for (const std::string& address : std::vector<std::string>{
             "http://svc:" + secret + "@127.0.0.1:1", "http://svc:" + secret + "#1@127.0.0.1:1",
             "htps://svc:" + secret + "@127.0.0.1:1", "http://svc:" + secret + "/1@127.0.0.1:1",
             "svc:" + secret + "@127.0.0.1:99999999", "socks9://" + secret + "@127.0.0.1:1",
             "http://svc:%53w0rdf1sh-Tango?@127.0.0.1:1"}) {
      all.push_back(
          {std::string(variable) + std::to_string(all.size()), {}, {{variable, address}}});
    }
  }
  return all;
}

// The output of the program, and all bytes of its files.
std::string traces(const Nightly& nightly, const Ended& ended) {
  std::string all = ended.out + ended.err;
  for (const auto& file : std::filesystem::recursive_directory_iterator(nightly.folder().path())) {
    if (file.path() == nightly.job() || !file.is_regular_file()) continue;
    all += file.path().string() + read_file(file.path());
  }
  return all;
}

// Quotes the token that it is sent, as some gateways do.
std::string quote_token(const std::string& head) {
  const std::size_t begin = std::min(head.find("Authorization: "), head.size());
  const std::string body =
      R"({"message": "refused: )" + head.substr(begin, head.find('\r', begin) - begin) + R"("})";
  return "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

class EnteredSecrets : public ::testing::TestWithParam<Entry> {};

TEST_P(EnteredSecrets, StandInNothingThatIsLeft) {
  const repopipe::testing::HttpServer api(quote_token);
  for (const char* command : {"run", "check", "compare"}) {
    const Nightly nightly(api.base_url(), {"octocat"});
    Program program = nightly.program({"--set", "fetch.attempts=1", "--set", "run.max_wait=0s",
                                       "--set", "run.connect_wait=0s", "--set", "run.deadline=5s"});
    program.arguments[1] = command;
    const Entry& entry = GetParam();
    program.arguments.insert(program.arguments.end(), entry.arguments.begin(),
                             entry.arguments.end());
    program.environment = entry.environment;
    const Ended ended = run(program);
    EXPECT_THAT(traces(nightly, ended), Not(HasSubstr(kSecret))) << command;
    EXPECT_EQ(ended.signal, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Places, EnteredSecrets, ::testing::ValuesIn(entries()),
                         [](const auto& info) { return info.param.name; });

// A response may quote the token if it has the form of one.
TEST(Secrets, AResponseThatQuotesTheTokenIsMasked) {
  const repopipe::testing::HttpServer echo(quote_token);
  for (const char* processes : {"1", "2"}) {
    const Nightly nightly(echo.base_url(), {"octocat"});
    Program program = nightly.program({"--summary", "json", "--set", "provider.tokens=['env:T']",
                                       "--set", std::string("execution.processes=") + processes});
    program.environment = {{"T", kToken}};
    const Ended ended = run(program);
    EXPECT_EQ(query(nightly.database(), "SELECT count(*) FROM run_users"), (Rows{{"1"}}));
    EXPECT_THAT(traces(nightly, ended), Not(HasSubstr(kToken)));
  }
}

}  // namespace
}  // namespace repopipe::e2e
