// What a worker process has of its run: a socket, and nothing that anybody could read from outside.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "pipeline/base/subprocess.h"
#include "stages/providers/github/github.h"
#include "tests/e2e/gated_api.h"
#include "tests/pipeline/workers/processes/pool_world.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kToken = "ghp_TheSecretOfTheNight";

// What the descriptors of a process lead to.
std::map<int, std::string> open_files(pid_t process) {
  std::map<int, std::string> files;
  for (const auto& file : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd")) {
    files[std::stoi(file.path().filename())] = fs::read_symlink(file.path());
  }
  return files;
}

class PoolSecrets : public ::testing::Test {
 protected:
  PoolSecrets() {
    setenv("GITHUB_TOKEN", kToken, 1);
    setenv("WITH_A_TOKEN", (std::string("token=") + kToken).c_str(), 1);
    setenv("HARMLESS", "yes", 1);
    PoolOptions options = pool_options(api_.base_url(), 3, 6);
    options.tokens = {kToken, "ghp_AnotherSecret"};
    pool_.emplace(std::move(options), kGithub.resources, clock_);
    submit_many(*pool_, home_, 6);
    api_.wait_until_held(6);
    workers_ = children();
  }
  ~PoolSecrets() override {
    for (const char* name : {"GITHUB_TOKEN", "WITH_A_TOKEN", "HARMLESS"}) unsetenv(name);
  }

  e2e::GatedApi api_{0};
  SystemClock clock_;
  Home home_;
  const Descriptor own_file_{::open("/dev/zero", O_RDONLY)};  // which children would inherit
  std::optional<ProcessPool> pool_;
  std::vector<pid_t> workers_;
};

TEST_F(PoolSecrets, AreNotInTheCommandLineNorInTheEnvironment) {
  ASSERT_EQ(workers_.size(), 3U);
  ASSERT_STREQ(std::getenv("GITHUB_TOKEN"), kToken);
  for (const pid_t worker : workers_) {
    const std::string words = file_of(worker, "cmdline");
    EXPECT_THAT(words, HasSubstr("--socket"));
    EXPECT_THAT(words, Not(HasSubstr(kToken)));
    const std::string variables = file_of(worker, "environ");
    EXPECT_THAT(variables, HasSubstr("HARMLESS=yes"));
    EXPECT_THAT(variables, HasSubstr("PATH="));
    EXPECT_THAT(variables, Not(HasSubstr(kToken)));
    EXPECT_THAT(variables, Not(HasSubstr("GITHUB_TOKEN")));
  }
  api_.open();
  EXPECT_EQ(ids_of(home_.wait_for(6)), ids(1, 6));
}

TEST_F(PoolSecrets, WorkersHaveNoFileOfTheRunAndNoSocketOfEachOther) {
  const std::map<int, std::string> ours = open_files(getpid());
  std::set<std::string> before;
  for (const auto& [number, file] : ours) {
    if (file.starts_with("socket:")) before.insert(file);
  }
  for (const pid_t worker : workers_) {
    const std::map<int, std::string> files = open_files(worker);
    EXPECT_EQ(files.at(0), "/dev/null");
    EXPECT_EQ(files.at(1), "/dev/null");
    EXPECT_EQ(files.at(2), ours.at(2));
    EXPECT_TRUE(files.at(3).starts_with("socket:"));
    for (const auto& [number, file] : files) {
      EXPECT_NE(file, "/dev/zero");
      if (!file.starts_with("socket:")) continue;
      EXPECT_TRUE(before.insert(file).second) << number << " is a socket of somebody else";
    }
  }
}

}  // namespace
}  // namespace repopipe
