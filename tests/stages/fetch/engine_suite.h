// What the tests of both fetch engines have in common.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>

#include "stages/fetch/http_client.h"

namespace repopipe::testing {

enum class EngineKind { event_loop, threads };

class EngineSuite : public ::testing::TestWithParam<EngineKind> {
 protected:
  std::unique_ptr<HttpClient> make(HttpOptions options) {
    options.user_agent = "repopipe-test";
    if (GetParam() == EngineKind::event_loop) return make_event_loop_engine(options, clock_);
    return make_threads_engine(options, clock_);
  }

  static HttpOptions options_for(const std::string& base_url) {
    return {.base_url = base_url,
            .headers = {},
            .tokens = {},
            .user_agent = {},
            .ca_file = {},
            .timeout = std::chrono::seconds(20),
            .max_body = Bytes{1 << 20}};
  }

  static FetchResult fetch(HttpClient& engine, Task task) {
    std::promise<FetchResult> promise;
    engine.submit(std::make_shared<PendingTask>(std::move(task)),
                  [&](FetchResult fetched) { promise.set_value(std::move(fetched)); });
    return promise.get_future().get();
  }

  static Task task(const std::string& target) {
    return {.id = 7, .login = "octocat", .request = {.target = target}};
  }

  static std::shared_ptr<PendingTask> pending(const std::string& target) {
    return std::make_shared<PendingTask>(task(target));
  }

  SystemClock clock_;
};

inline const auto both_engines = ::testing::Values(EngineKind::event_loop, EngineKind::threads);
inline const auto engine_name = [](const auto& info) {
  return info.param == EngineKind::threads ? "threads" : "event_loop";
};

}  // namespace repopipe::testing
