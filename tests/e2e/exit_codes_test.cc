// Every exit code, and the one line that says why.  130 and 143 are in interrupt_test.cc, the
// overlap's 75 in overlap_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"
#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// A port that is taken and on which nothing listens: a connection is refused.
class DeafPort {
 public:
  DeafPort() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, generic, length), 0);
    EXPECT_EQ(getsockname(socket_, generic, &length), 0);
    port_ = ntohs(address.sin_port);
  }
  ~DeafPort() { close(socket_); }
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;

  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
};

std::string line_of(const Ended& ended) {
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
  return ended.err;
}

// What a run that did not start says: the cause in one line, and what to do.
std::string cause_of(const Ended& ended) {
  EXPECT_EQ(ended.out, "");
  const std::size_t end = ended.err.find('\n') + 1;
  EXPECT_THAT(ended.err.substr(end), StartsWith("  do     "));
  EXPECT_THAT(ended.err.substr(end), Not(HasSubstr("users")));
  return ended.err.substr(0, end);
}

TEST(ExitCodes, UsageIs64) {
  const std::vector<std::vector<std::string>> mistakes{
      {}, {"dance"}, {"check"}, {"status", "repos.db", "-n", "many"}, {"merge"}};
  for (const auto& mistake : mistakes) {
    Program program{.arguments = {repopipe_binary()}};
    program.arguments.insert(program.arguments.end(), mistake.begin(), mistake.end());
    const Ended ended = run(program);
    EXPECT_EQ(ended.exit_code, 64);
    EXPECT_THAT(line_of(ended), AllOf(StartsWith("repopipe: "), HasSubstr("--help")));
  }
}

TEST(ExitCodes, AWrongWordIsNamed) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"rnu", "job.yaml"}, "did you mean run?"},
      {{}, "no command: expected one of run, check, "},
      {{"run", "job.yaml", "--progress", "AUTO"}, "AUTO not in {auto,always,never}"},
      {{"run", "job.yaml", "--summary", "0"}, "0 not in {text,json}"}};
  for (const auto& [mistake, why] : mistakes) {
    Program program{.arguments = {repopipe_binary()}};
    program.arguments.insert(program.arguments.end(), mistake.begin(), mistake.end());
    EXPECT_THAT(run(program).err, HasSubstr(why));
  }
}

TEST(ExitCodes, TooManyFailedUsersIs65) {
  const repopipe::testing::HttpServer broken([](const std::string& head) {
    const bool bad = head.find("/users/bad/") != std::string::npos;
    return repopipe::testing::response("200 OK", "", bad ? "<html>" : short_page("good"));
  });
  const Nightly nightly(broken.base_url(), {"good", "bad"});
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 65);
  EXPECT_THAT(ended.err, HasSubstr("1 of 2 users failed, more than run.fail_ratio allows"));
  EXPECT_EQ(query(nightly.database(), "SELECT login, outcome FROM run_users ORDER BY 1"),
            (Rows{{"bad", "failed"}, {"good", "ok"}}));
  EXPECT_EQ(query(nightly.database(), "SELECT login, error IS NULL FROM failures"),
            (Rows{{"bad", "0"}}));
  EXPECT_EQ(nightly.run({"--set", "run.fail_ratio=0.5"}).exit_code, 0);
}

TEST(ExitCodes, AnUnreachableApiIs69) {
  const DeafPort nothing;
  const Nightly nightly(nothing.base_url(), {"octocat", "torvalds", "mojombo"});
  for (const char* engine : {"event_loop", "threads"}) {
    const Ended ended =
        nightly.run({"--set", "fetch.attempts=2", "--set", std::string("fetch.engine=") + engine});
    EXPECT_EQ(ended.exit_code, 69);
    EXPECT_THAT(ended.err, HasSubstr("127.0.0.1"));
  }
  EXPECT_EQ(value(nightly.database(), "SELECT count(*) FROM run_users"), "0");
}

TEST(ExitCodes, AnUnknownHostIs69) {
  const Nightly nightly("https://no-such-host.invalid", {"octocat"});
  const Ended ended = nightly.run({"--set", "fetch.attempts=1"});
  EXPECT_EQ(ended.exit_code, 69);
  EXPECT_THAT(ended.err, HasSubstr("no-such-host.invalid"));
}

TEST(ExitCodes, ADatabaseThatCannotBeMadeIs73) {
  const DeafPort nothing;
  const Nightly nightly(nothing.base_url(), {"octocat"});
  nightly.folder().write("notes.txt", std::string(5000, 'x'));
  const std::vector<std::pair<std::string, std::string>> bad{
      {"missing/repos.db", "does not exist"},
      {"notes.txt", "not a SQLite database"},
      {".", "is a folder"},
      {"notes.txt/repos.db", "is a file, not a folder"}};
  for (const auto& [path, why] : bad) {
    const Ended ended = nightly.run({"--set", "store.database=" + path});
    EXPECT_EQ(ended.exit_code, 73);
    EXPECT_THAT(cause_of(ended), AllOf(StartsWith("nightly: not started (73): "), HasSubstr(why)));
  }
  EXPECT_EQ(read_file(nightly.folder() / "notes.txt"), std::string(5000, 'x'));
}

TEST(ExitCodes, ADatabaseOfANewerOrAnotherProgramIs73) {
  const GatedApi api(1);
  const Nightly nightly(api.base_url(), {"octocat"});
  ASSERT_EQ(nightly.run().exit_code, 0);
  execute(nightly.database(), "PRAGMA user_version = 999");
  const Ended newer = nightly.run();
  EXPECT_EQ(newer.exit_code, 73);
  EXPECT_THAT(cause_of(newer), AllOf(HasSubstr("schema version 999"), HasSubstr("newer")));
  execute(nightly.folder() / "other.db", "CREATE TABLE precious (x)");
  const Ended other = nightly.run({"--set", "store.database=other.db"});
  EXPECT_EQ(other.exit_code, 73);
  EXPECT_THAT(cause_of(other), HasSubstr("another program"));
}

TEST(ExitCodes, ALimitOnFileSizesIs74AndTheNextRunGoesOn) {
  const Simulator github(small_world());
  const std::vector<std::string> users = users_of(small_world());
  const Nightly nightly(github.base_url(), users);
  Program limited = nightly.program();
  // 600 or 1200 KiB, by the shell
  const std::string command = "ulimit -f 1200; exec \"$0\" \"$@\"";
  limited.arguments.insert(limited.arguments.begin(), {"/bin/sh", "-c", command});
  const Ended ended = run(limited);
  EXPECT_EQ(ended.exit_code, 74) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr(nightly.database().string()));
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_THAT(
      difference(dump(nightly.database(), Part::facts), facts_after(github.base_url(), users)),
      IsEmpty());
}

// Unmounted with the object.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder, const char* size = "size=1500k")
      : folder_(std::move(folder)) {
    std::filesystem::create_directory(folder_);
    mounted_ = mount("repopipe-e2e", folder_.c_str(), "tmpfs", 0, size) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_there() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

TEST(ExitCodes, AFullDiskIs74AndWhatFitIsKept) {
  const Simulator github(world());
  const Nightly nightly(github.base_url(), users_of(world()));
  const SmallDisk disk(nightly.folder() / "disk");
  if (!disk.is_there()) GTEST_SKIP() << "mounting a small tmpfs takes root";
  const Ended ended = nightly.run({"--set", "store.database=disk/repos.db"});
  EXPECT_EQ(ended.exit_code, 74) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("full"));
  EXPECT_EQ(query(nightly.folder() / "disk/repos.db", "PRAGMA integrity_check"), (Rows{{"ok"}}));
}

// A list from standard input is copied there.
TEST(ExitCodes, AnUnusableTemporaryFolderIs74AndNamed) {
  const DeafPort nothing;
  const Nightly nightly(nothing.base_url(), {"octocat"});
  const SmallDisk disk(nightly.folder() / "disk", "size=100k");
  if (!disk.is_there()) GTEST_SKIP() << "mounting a small tmpfs takes root";
  std::string list;
  for (int i = 0; i < 50'000; ++i) list += "user-" + std::to_string(i) + "\n";
  const std::vector<std::pair<std::string, std::string>> folders{{"disk", "No space left"},
                                                                 {"no-such", "No such file"}};
  for (const auto& [folder, why] : folders) {
    const std::string full = nightly.folder() / folder;
    for (const std::string command : {"run", "check"}) {
      Program program = nightly.program({"--set", "source={usernames_file: '-'}"});
      program.arguments[1] = command;
      program.input = list;
      program.environment["TMPDIR"] = full;
      const Ended ended = run(program);
      EXPECT_EQ(ended.exit_code, 74) << ended.err;
      EXPECT_THAT(ended.err, AllOf(HasSubstr(full), HasSubstr(why), HasSubstr("TMPDIR")));
    }
  }
  EXPECT_FALSE(std::filesystem::exists(nightly.database()));
}

TEST(ExitCodes, TheDeadlineIs75AndTheNextRunResumes) {
  const Simulator slow(small_world() + std::vector<std::string>{"--latency", "200ms"});
  const std::vector<std::string> users = users_of(small_world());
  Nightly nightly(slow.base_url(), users);
  const Ended ended = nightly.run({"--set", "run.deadline=1s", "--set", "fetch.concurrency=2"});
  EXPECT_EQ(ended.exit_code, 75) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("run.deadline"));
  EXPECT_EQ(value(nightly.database(), "SELECT status FROM runs"), "deadline");
  const Simulator fast(small_world());
  nightly.ask(fast.base_url());
  EXPECT_EQ(nightly.run().exit_code, 0);
  EXPECT_EQ(query(nightly.database(), "SELECT id, status, resumed FROM runs"),
            (Rows{{"1", "complete", "1"}}));
  EXPECT_THAT(
      difference(dump(nightly.database(), Part::facts), facts_after(fast.base_url(), users)),
      IsEmpty());
}

TEST(ExitCodes, AnUnavailableTokenIs77) {
  const DeafPort nothing;
  const Nightly nightly(nothing.base_url(), {"octocat"});
  const std::vector<std::pair<std::string, std::string>> bad{
      {"cmd:exit 3", "ended with status 3"},
      {"cmd:kill -9 $$", "was killed by signal 9"},
      {"cmd:true", "printed no token"},
      {"cmd:echo two words", "printed no token"}};
  for (const auto& [reference, why] : bad) {
    const Ended ended = nightly.run({"--set", "provider.tokens=['" + reference + "']"});
    EXPECT_EQ(ended.exit_code, 77);
    EXPECT_THAT(cause_of(ended), AllOf(HasSubstr("provider.tokens[0]: the command"), HasSubstr(why),
                                       Not(HasSubstr(reference))));
  }
  EXPECT_FALSE(std::filesystem::exists(nightly.database()));
}

TEST(ExitCodes, ABadJobIs78InCheckAndRun) {
  const TempFolder folder;
  const auto job = folder.write("job.yaml", "source: {usernames: [octocat]}\nfetsh: {}\n");
  const std::string mistake = job.string() + ":2:1: ";
  const Ended checked = run({.arguments = {repopipe_binary(), "check", job}});
  EXPECT_EQ(checked.exit_code, 78);
  EXPECT_THAT(line_of(checked), AllOf(StartsWith(mistake), HasSubstr("fetch")));
  const Ended ended = run({.arguments = {repopipe_binary(), "run", job}});
  EXPECT_EQ(ended.exit_code, 78);
  EXPECT_THAT(cause_of(ended),
              AllOf(StartsWith("job: not started (78): " + mistake), HasSubstr("fetch")));
  const Ended missing = run({.arguments = {repopipe_binary(), "run", folder / "none.yaml"}});
  EXPECT_EQ(missing.exit_code, 78);
  EXPECT_THAT(cause_of(missing), HasSubstr("none.yaml"));
}

TEST(ExitCodes, AValidJobIsReportedAsValid) {
  const TempFolder folder;
  const auto job = folder.write("job.yaml", "source: {usernames: [octocat]}\n");
  const Ended ended = run({.arguments = {repopipe_binary(), "check", job}});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(line_of(ended), EndsWith("good, names 1 user\n"));
}

}  // namespace
}  // namespace repopipe::e2e
