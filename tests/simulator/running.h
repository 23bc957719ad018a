// A simulator in the test's own process, over real sockets.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/simulator/simulator.h"

namespace repopipe::simulator {

enum class Report { no, yes };

// A simulator on a free port, on a thread of its own, with a log.
class Running {
 public:
  explicit Running(Options options, Report report = Report::no) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    log_ = std::filesystem::path(testing::TempDir()) /
           ("log-" + std::string(test->name()) + "-" + std::to_string(getpid()));
    options.log = log_;
    report_ = log_.string() + ".report";
    if (report == Report::yes) options.report = report_;
    options.world.accounts = 50;
    login_ = make_source(options)->find(Ordinal{0})->login;
    simulator_.emplace(options);
    thread_ = std::thread([this] { simulator_->server().run(); });
  }
  ~Running() {
    stop();
    std::filesystem::remove(log_);
    std::filesystem::remove(report_);
  }

  std::uint16_t port() {
    const std::string url = simulator_->server().base_url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  std::string listing() const { return "/users/" + login_ + "/repos?per_page=5"; }
  const std::string& login() const { return login_; }

  // The log, once the server has stopped.
  std::vector<nlohmann::json> stop() {
    if (thread_.joinable()) {
      simulator_->server().stop();
      thread_.join();
    }
    std::vector<nlohmann::json> lines;
    std::ifstream stream(log_);
    for (std::string line; std::getline(stream, line);)
      lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
  // What --report writes, once the server has stopped.
  nlohmann::json report() {
    stop();
    simulator_->write_report();
    std::ifstream stream(report_);
    return nlohmann::json::parse(stream);
  }
  Totals totals() { return simulator_->server().totals(); }

 private:
  std::filesystem::path log_, report_;
  std::string login_;
  std::optional<Simulator> simulator_;
  std::thread thread_;
};

}  // namespace repopipe::simulator
