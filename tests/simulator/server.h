// The HTTP server: libevent's evhttp on one event loop.  A timer delays every request by the
// latency; then Rules decides.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <string>

#include "tests/simulator/events.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/rules.h"

namespace repopipe::simulator {

struct ServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  std::chrono::microseconds latency{0};
  std::chrono::microseconds trickle = std::chrono::seconds(2);  // duration of that fault
};

// Totals of all requests.
struct Totals {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;  // of bodies as sent
};

class Server {
 public:
  // Listens from construction, serves while run() runs.  Keeps references to its arguments; `log`
  // may be null. Throws CannotCreate or BadUsage.
  Server(const ServerSettings& settings, Rules& rules, RequestLog* log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string base_url() const;  // http://ADDRESS:PORT
  Totals totals() const { return totals_; }

  // Returns after stop(), or after SIGTERM or SIGINT if stop_on_signals() was called; waiting
  // requests get no response.
  void run();
  void stop_on_signals();

  // Threading: any thread.
  void stop();

 private:
  struct Exchange;
  using Exchanges = std::list<Exchange>;

  static void on_request(evhttp_request* request, void* server);
  static void on_due(int, short, void* exchange);
  static void on_client_gone(evhttp_connection*, void* exchange);
  void begin(evhttp_request* request);
  void finish(Exchange& exchange);
  void wait(Exchange& exchange, std::chrono::microseconds time);
  void start(Exchange& exchange, Outcome outcome);
  void go_on(Exchange& exchange);
  void abandon(Exchange& exchange);
  void record(const Exchange& exchange, int status, std::uint64_t bytes);
  void forget(Exchange& exchange);
  Event signal_event(int signal);

  ServerSettings settings_;
  Rules& rules_;
  RequestLog* log_;
  Totals totals_;
  EventBase base_;
  HttpServer http_;
  std::uint16_t port_ = 0;
  int stop_fd_ = -1;
  Event stop_event_, terminate_event_, interrupt_event_, flush_event_;
  Exchanges exchanges_;  // in flight
};

}  // namespace repopipe::simulator
