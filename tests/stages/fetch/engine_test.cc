// The contract that both fetch engines keep, over real HTTP on loopback.
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <memory>

#include "tests/stages/fetch/engine_suite.h"
#include "tests/testing/http_server.h"

namespace repopipe {
namespace {

using testing::EngineKind;
using testing::HttpServer;
using testing::response;

struct Engine : testing::EngineSuite {};

TEST_P(Engine, BringsStatusHeadersAndBodyAsTheyCame) {
  HttpServer server([](const std::string&) {
    return response("200 OK", "Content-Encoding: gzip\r\nETag: \"a\"\r\n",
                    std::string("\x1f\0\x8b", 3));
  });
  const auto engine = make(options_for(server.base_url()));
  const FetchResult fetched = fetch(*engine, task("/users/octocat/repos?page=1"));
  ASSERT_TRUE(fetched.response);
  EXPECT_EQ(fetched.task->task().id, 7U);
  EXPECT_EQ(fetched.response->status, 200);
  EXPECT_EQ(fetched.response->http_version, "1.1");
  EXPECT_EQ(fetched.response->headers.find("etag"), "\"a\"");
  EXPECT_EQ(fetched.response->body, std::string("\x1f\0\x8b", 3));
  EXPECT_GT(fetched.response->wire_bytes, 3U);
  EXPECT_GE(fetched.timing.total, fetched.timing.first_byte);
  EXPECT_GE(fetched.timing.first_byte, fetched.timing.connect);
}

TEST_P(Engine, SendsWhatTheApiAsksFor) {
  HttpServer server([](const std::string&) { return response("200 OK", "", "[]"); });
  HttpOptions options = options_for(server.base_url());
  options.headers = {"Accept: application/vnd.github+json"};
  options.tokens = {"first", "second"};
  const auto engine = make(options);
  Task second = task("/users/app%5Bbot%5D/repos");
  second.principal = 1;
  fetch(*engine, second);
  const std::string head = server.requests().at(0);
  EXPECT_TRUE(head.starts_with("GET /users/app%5Bbot%5D/repos HTTP/1.1\r\n")) << head;
  for (const char* line : {"Accept: application/vnd.github+json\r\n", "Accept-Encoding: gzip\r\n",
                           "User-Agent: repopipe-test\r\n", "Authorization: Bearer second\r\n"}) {
    EXPECT_NE(head.find(line), std::string::npos) << line << head;
  }
}

TEST_P(Engine, AsksWhetherAPageHasChangedOnlyWhereItIsKnown) {
  HttpServer server([](const std::string&) { return response("304 Not Modified", "", ""); });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = 1;
  const auto engine = make(options);
  Task known = task("/");
  known.request.etag = "W/\"a\"";
  fetch(*engine, known);
  fetch(*engine, task("/"));
  EXPECT_NE(server.requests().at(0).find("If-None-Match: W/\"a\"\r\n"), std::string::npos);
  EXPECT_EQ(server.requests().at(1).find("If-None-Match"), std::string::npos);
}

TEST_P(Engine, KeepsAConnectionAlive) {
  HttpServer server([](const std::string&) { return response("200 OK", "", "[]"); });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = 1;
  const auto engine = make(options);
  for (int i = 0; i < 5; ++i) fetch(*engine, task("/"));
  EXPECT_EQ(server.connections(), 1);
}

TEST_P(Engine, ReportsEveryStatusAsAReply) {
  HttpServer server([](const std::string&) { return response("503 Busy", "", "<html>"); });
  const auto engine = make(options_for(server.base_url()));
  const FetchResult fetched = fetch(*engine, task("/"));
  ASSERT_TRUE(fetched.response);
  EXPECT_EQ(fetched.response->status, 503);
}

TEST_P(Engine, FailsAsTransportWhenTheConnectionBreaks) {
  HttpServer server([](const std::string&) { return std::string(); });
  const auto engine = make(options_for(server.base_url()));
  const FetchResult fetched = fetch(*engine, task("/"));
  ASSERT_FALSE(fetched.response);
  EXPECT_EQ(fetched.response.error().kind, FailureKind::transport);
}

TEST_P(Engine, FailsAsTransportWhenTheBodyIsCutShort) {
  HttpServer server([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n[";
  });
  const auto engine = make(options_for(server.base_url()));
  EXPECT_EQ(fetch(*engine, task("/")).response.error().kind, FailureKind::transport);
}

TEST_P(Engine, FailsAsConnectWhenNobodyListens) {
  std::string gone;
  {
    HttpServer server([](const std::string&) { return std::string(); });
    gone = server.base_url();
  }
  const auto engine = make(options_for(gone));
  const FetchResult fetched = fetch(*engine, task("/"));
  ASSERT_FALSE(fetched.response);
  EXPECT_EQ(fetched.response.error().kind, FailureKind::connect);
  EXPECT_NE(fetched.response.error().message.find("127.0.0.1"), std::string::npos);
}

TEST_P(Engine, GivesUpAfterTheTimeout) {
  std::promise<void> never;
  HttpServer server([&](const std::string&) {
    never.get_future().wait();
    return std::string();
  });
  HttpOptions options = options_for(server.base_url());
  options.timeout = std::chrono::milliseconds(50);
  {
    const auto engine = make(options);
    EXPECT_EQ(fetch(*engine, task("/")).response.error(),
              (Failure{FailureKind::timeout, "no complete response within 50 ms"}));
  }
  never.set_value();
}

TEST_P(Engine, StopsAtTheLargestBody) {
  HttpServer server(
      [](const std::string&) { return response("200 OK", "", std::string(2048, 'x')); });
  HttpOptions options = options_for(server.base_url());
  options.max_body = Bytes{2047};
  EXPECT_EQ(fetch(*make(options), task("/")).response.error().kind, FailureKind::too_large);
  options.max_body = Bytes{2048};
  EXPECT_TRUE(fetch(*make(options), task("/")).response);
}

TEST_P(Engine, StopsAtTooManyHeaders) {
  HttpServer server([](const std::string&) {
    std::string headers;
    for (int i = 0; i < 300; ++i) headers += "X-Filler: " + std::string(1000, 'x') + "\r\n";
    return response("200 OK", headers, "[]");
  });
  const auto engine = make(options_for(server.base_url()));
  EXPECT_FALSE(fetch(*engine, task("/")).response);
}

TEST_P(Engine, RunsManyAtOnceAndNoMoreThanItMay) {
  constexpr int kAtOnce = 8;
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::latch all_there(kAtOnce);
  std::atomic<int> arrived{0};
  HttpServer server([&](const std::string&) {
    const int running = ++now;
    int seen = most;
    while (seen < running && !most.compare_exchange_weak(seen, running)) {
    }
    if (++arrived <= kAtOnce) all_there.arrive_and_wait();
    --now;
    return response("200 OK", "", "[]");
  });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = kAtOnce;
  const auto engine = make(options);
  std::latch done(100);
  for (int i = 0; i < 100; ++i) {
    engine->submit(pending("/"), [&](const FetchResult& fetched) {
      EXPECT_TRUE(fetched.response);
      done.count_down();
    });
  }
  done.wait();
  EXPECT_EQ(most, kAtOnce);
}

TEST_P(Engine, AnswersEveryTaskWhenItIsDestroyed) {
  std::promise<void> asked;
  std::promise<void> hold;
  std::shared_future<void> held(hold.get_future());
  std::atomic<bool> first{true};
  HttpServer server([&](const std::string&) {
    if (first.exchange(false)) asked.set_value();
    held.wait();
    return response("200 OK", "", "[]");
  });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = 2;
  std::atomic<int> answered{0};
  {
    const auto engine = make(options);
    for (int i = 0; i < 10; ++i) {
      engine->submit(pending("/"), [&](const FetchResult&) { ++answered; });
    }
    asked.get_future().wait();
    if (GetParam() == EngineKind::threads)
      hold.set_value();  // blocking exchanges end by themselves
  }
  EXPECT_EQ(answered, 10);
  if (GetParam() == EngineKind::event_loop) hold.set_value();
}

TEST_P(Engine, CallsBackWhatIsNotOnTheWire) {
  std::promise<void> asked;
  std::promise<void> hold;
  std::shared_future<void> held(hold.get_future());
  HttpServer server([&](const std::string&) {
    asked.set_value();
    held.wait();
    return response("200 OK", "", "[]");
  });
  HttpOptions options = options_for(server.base_url());
  options.concurrency = 1;
  const auto engine = make(options);
  std::promise<FetchResult> first;
  engine->submit(pending("/"), [&](FetchResult fetched) { first.set_value(std::move(fetched)); });
  asked.get_future().wait();
  std::latch called_back(5);
  for (int i = 0; i < 5; ++i) {
    engine->submit(pending("/"), [&](const FetchResult& fetched) {
      EXPECT_EQ(fetched.response.error().kind, FailureKind::cancelled);
      called_back.count_down();
    });
  }
  engine->cancel_queued();
  called_back.wait();
  hold.set_value();
  EXPECT_TRUE(first.get_future().get().response);
}

INSTANTIATE_TEST_SUITE_P(Both, Engine, testing::both_engines, testing::engine_name);

}  // namespace
}  // namespace repopipe
