// The systemd units: their syntax, how much they allow, and that runs need nothing more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <ostream>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/unit_sandbox.h"
#include "tests/testing/sanitized.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using repopipe::testing::RedisServer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const fs::path kUnits = REPOPIPE_SOURCE_DIR "/packaging/systemd";
const Words kFewAccounts{"--accounts", "6", "--small"};

Ended analyze(Words words) {
  words.insert(words.begin(), "/usr/bin/systemd-analyze");
  return run({.arguments = std::move(words)});
}

// A copy of the unit whose program is the one of the build.
fs::path with_our_program(const fs::path& unit, const TempFolder& folder) {
  std::string text = read_file(unit);
  const std::string start = "\nExecStart=repopipe ";
  if (const auto at = text.find(start); at != text.npos) {
    text.replace(at, start.size(), "\nExecStart=" + repopipe_binary().string() + " ");
  }
  return folder.write(unit.filename().string(), text);
}

TEST(Units, AreValid) {
  const TempFolder folder;
  Words words{"verify", "--man=no", "--recursive-errors=no"};
  for (const char* ending : {".service", ".timer"}) {
    for (const fs::path& unit : unit_files(ending)) {
      words.push_back(with_our_program(unit, folder).string());
    }
  }
  ASSERT_EQ(words.size(), 3U + 4U);
  const Ended ended = analyze(words);
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out + ended.err, "");
}

TEST(Units, AllowLittle) {
  for (const char* unit : {"repopipe@.service", "repopipe-worker.service"}) {
    const Ended ended =
        analyze({"security", "--offline=true", "--threshold=15", (kUnits / unit).string()});
    EXPECT_EQ(ended.exit_code, 0) << ended.out;
  }
}

// strace of a program with a sanitizer shows the sanitizer's own calls.
class UnitSandboxTest : public ::testing::Test {
 protected:
  UnitSandboxTest() : nightly_(github_.base_url(), simulated_logins(kFewAccounts)) {
    nightly_.folder().write("token", "sesame\n");
    // Others may be unable to read the folder of the build.
    fs::copy_file(repopipe_binary(), nightly_.folder() / "repopipe");
  }
  void SetUp() override {
    if (is_sanitized()) GTEST_SKIP() << "sanitizers make calls of their own";
  }

  Program program(Words arguments) const {
    arguments.insert(arguments.begin(), (nightly_.folder() / "repopipe").string());
    return {.arguments = std::move(arguments),
            .environment = {{"CREDENTIALS_DIRECTORY", nightly_.folder().path().string()}},
            .folder = nightly_.folder().path()};
  }
  Program traced_run(Words settings) const {
    Words words{"run", nightly_.job().string()};
    for (std::string& each : settings) words.insert(words.end(), {"--set", std::move(each)});
    return traced(program(std::move(words)), trace());
  }
  fs::path trace() const { return nightly_.folder() / "trace"; }

  Simulator github_{kFewAccounts};
  Nightly nightly_;
};

TEST_F(UnitSandboxTest, RefusesWhatARunDoesNotNeed) {
  const Ended ended = run(traced({.arguments = {"/usr/bin/nice", "-n", "1", "/usr/bin/true"},
                                  .folder = nightly_.folder().path()},
                                 trace()));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(UnitSandbox(kUnits / "repopipe@.service").refused(trace()),
              ElementsAre("setpriority"));
}

struct WayToRun {
  const char* name;
  Words settings;
};
void PrintTo(const WayToRun& way, std::ostream* out) {
  *out << way.name;
}

class UnitSandboxOfWays : public UnitSandboxTest, public ::testing::WithParamInterface<WayToRun> {};

TEST_P(UnitSandboxOfWays, LetsARunPass) {
  Words settings{"provider.tokens=[credential:token]",
                 "store.access=group",
                 "report.html=report.html",
                 "metrics.textfile=repopipe.prom",
                 "log.file=repopipe.log",
                 "hooks.after=cat > summary.json"};
  const Words& more = GetParam().settings;
  settings.insert(settings.end(), more.begin(), more.end());
  const Ended ended = run(traced_run(std::move(settings)));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  for (const char* file : {"repos.db", "report.html", "repopipe.prom", "summary.json"}) {
    EXPECT_GT(fs::file_size(nightly_.folder() / file), 0U) << file;
  }
  EXPECT_THAT(UnitSandbox(kUnits / "repopipe@.service").refused(trace()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Units, UnitSandboxOfWays,
                         ::testing::Values(WayToRun{"EventLoop", {}},
                                           WayToRun{"Threads", {"fetch.engine=threads"}},
                                           WayToRun{"Processes", {"execution.processes=2"}}),
                         [](const auto& test) { return std::string(test.param.name); });

// The first child of a process: of strace, the program that it traces.
pid_t child_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  pid_t child = 0;
  std::ifstream("/proc/" + id + "/task/" + id + "/children") >> child;
  return child;
}

TEST_F(UnitSandboxTest, LetsARunAndAWorkerOfAQueuePass) {
  const RedisServer redis({"--requirepass", "geheim"});
  const std::string address = "redis://:geheim@127.0.0.1:" + std::to_string(redis.port());
  nightly_.folder().write("queue", address + "\n");
  const fs::path worker_trace = nightly_.folder() / "worker.trace";
  Process worker(
      traced(program({"worker", "--queue", "credential:queue", "--base-url", github_.base_url(),
                      "--token", "credential:token", "--processes", "2"}),
             worker_trace));
  const Ended ended =
      run(traced_run({"provider.tokens=[credential:token]", "execution.queue=credential:queue"}));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  const pid_t traced_worker = child_of(worker.pid());
  ASSERT_GT(traced_worker, 0);
  kill(traced_worker, SIGTERM);
  const Ended worked = worker.wait();
  EXPECT_EQ(worked.exit_code, 0) << worked.err;
  EXPECT_THAT(UnitSandbox(kUnits / "repopipe@.service").refused(trace()), IsEmpty());
  EXPECT_THAT(UnitSandbox(kUnits / "repopipe-worker.service").refused(worker_trace), IsEmpty());
}

}  // namespace
}  // namespace repopipe::e2e
