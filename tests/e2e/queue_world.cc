#include "tests/e2e/queue_world.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "tests/e2e/rows.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;

// A user id that is unused on Debian.
constexpr int kFirstUser = 61'000;
constexpr int kManyUsers = 4'000;

// What makes the command line another user's; none where that cannot be.
Words as_user(int user) {
  const std::string id = std::to_string(user);
  return {"/usr/bin/setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--"};
}

// The programs may lie where only the owner sees them.
bool can_be_others() {
  static const bool can = [] {
    if (geteuid() != 0 || !std::filesystem::exists("/usr/bin/setpriv")) return false;
    Words words = as_user(kFirstUser);
    words.insert(words.end(), {repopipe_binary().string(), "--version"});
    return run({.arguments = words}).exit_code == 0;
  }();
  return can;
}

int next_user() {
  static int count = 0;
  return kFirstUser + count++ % kManyUsers;
}

void wait_for_text(const std::function<std::string()>& said, const std::string& text) {
  EXPECT_TRUE(eventually([&] { return said().find(text) != std::string::npos; }))
      << "nobody says " << text << " but\n"
      << said();
}

}  // namespace

Worker::Worker(const Options& options) {
  Program program{.arguments = {}, .environment = options.environment, .folder = folder_->path()};
  folder_->write("said.txt", "");
  if (can_be_others()) {
    const int user = next_user();
    program.arguments = as_user(user);
    for (const auto& path : {folder_->path(), folder_->path() / "said.txt"}) {
      EXPECT_EQ(chown(path.c_str(), static_cast<uid_t>(user), static_cast<gid_t>(user)), 0);
    }
  }
  program.arguments.insert(program.arguments.end(),
                           {repopipe_binary().string(), "worker", "--queue", options.queue,
                            "--base-url", options.base_url});
  program.arguments.insert(program.arguments.end(), options.more.begin(), options.more.end());
  program.error_path = ToPath{folder_->path() / "said.txt"};
  process_ = std::make_unique<Process>(program);
}

void Worker::wait_until_it_says(const std::string& text) const {
  wait_for_text([this] { return said(); }, text);
}

int Worker::end() {
  process_->signal(SIGTERM);
  return process_->wait().exit_code;
}

void Worker::kill() {
  process_->signal(SIGKILL);
  EXPECT_EQ(process_->wait().signal, SIGKILL);
}

QueueRun::QueueRun(const Nightly& nightly, const std::string& queue, const Words& more,
                   const std::map<std::string, std::string>& environment)
    : nightly_(nightly) {
  Words words{"--set", "execution.queue='" + queue + "'", "--set", "execution.lease=1s"};
  words.insert(words.end(), more.begin(), more.end());
  Program program = nightly.program(words);
  static int count = 0;
  words_ = nightly.folder().write("said-" + std::to_string(count++) + ".txt", "");
  program.error_path = ToPath{words_};
  program.environment = environment;
  process_ = std::make_unique<Process>(program);
}

std::string QueueRun::said() const {
  return read_file(words_);
}

void QueueRun::wait_until_it_says(const std::string& text) const {
  wait_for_text([this] { return said(); }, text);
}

bool QueueRun::gets_to(int users) {
  EXPECT_TRUE(
      eventually([&] { return settled_users(nightly_) >= users || process_->ends_within(0ms); }));
  return !process_->ends_within(0ms);
}

Words one_in_ten_fails() {
  return {"--fault", "500=2", "--fault", "502=2",  "--fault",        "reset=2",
          "--fault", "cut=2", "--fault", "html=2", "--fault-streak", "1"};
}

int settled_users(const Nightly& nightly) {
  try {
    return std::stoi(value(nightly.database(),
                           "SELECT count(*) FROM run_users "
                           "WHERE run_id = (SELECT max(id) FROM runs)"));
  } catch (const std::exception&) {  // the table does not exist yet
    return 0;
  }
}

std::string everything_on(const repopipe::testing::RedisServer& redis) {
  std::string all;
  const std::map<std::string, Words> readers{
      {"set", {"SMEMBERS"}}, {"hash", {"HGETALL"}}, {"string", {"GET"}}, {"stream", {"XRANGE"}}};
  for (const std::string& key : redis.ask({"KEYS", "*"})) {
    Words command = readers.at(redis.ask_one({"TYPE", key}));
    command.push_back(key);
    if (command.front() == "XRANGE") command.insert(command.end(), {"-", "+"});
    all += key + "\n";
    for (const std::string& text : redis.ask(command)) all += text + "\n";
  }
  return all;
}

}  // namespace repopipe::e2e
