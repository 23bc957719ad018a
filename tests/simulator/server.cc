#include "tests/simulator/server.h"

#include <event2/bufferevent.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <csignal>
#include <new>
#include <optional>
#include <utility>

#include "tests/simulator/delivery.h"
#include "tests/simulator/listen.h"
#include "tests/simulator/request_view.h"

namespace repopipe::simulator {
namespace {

constexpr std::size_t kWriteSize = 1 << 20;  // a page is written in one system call
constexpr ev_ssize_t kMaxRequestBody = 1 << 20;
constexpr timeval kFlushEvery{.tv_sec = 1, .tv_usec = 0};
constexpr short kAllMethods = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
                              EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
                              EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH;

constexpr int kTricklePieces = 20;
constexpr std::chrono::milliseconds kBeforeCut{10};  // until the first half is sent

using Clock = std::chrono::system_clock;

timeval to_timeval(std::chrono::microseconds time) {
  return {.tv_sec = time.count() / 1'000'000, .tv_usec = time.count() % 1'000'000};
}

bufferevent* new_buffer(event_base* base, void*) {
  bufferevent* buffer = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
  if (buffer != nullptr) bufferevent_set_max_single_write(buffer, kWriteSize);
  return buffer;
}

void leave_loop(int, short, void* base) {
  event_base_loopbreak(static_cast<event_base*>(base));
}

void flush_log(int, short, void* log) {
  static_cast<RequestLog*>(log)->flush();
}

}  // namespace

struct Server::Exchange {
  Server& server;
  evhttp_request* request;  // libevent's, until it is answered or the client disconnects
  Course course;
  Event timer;
  Exchanges::iterator place;
  std::optional<Outcome> outcome{};  // set when the response is being sent in pieces
  std::size_t sent = 0;              // bytes of its body
  int pieces = 0;                    // remaining pieces
};

Server::Server(const ServerSettings& settings, Rules& rules, RequestLog* log)
    : settings_(settings), rules_(rules), log_(log) {
  raise_descriptor_limit();
  base_.reset(event_base_new());
  if (!base_) throw std::bad_alloc();
  http_.reset(evhttp_new(base_.get()));
  if (!http_) throw std::bad_alloc();
  evhttp_set_gencb(http_.get(), on_request, this);
  evhttp_set_bevcb(http_.get(), new_buffer, nullptr);
  evhttp_set_allowed_methods(http_.get(), kAllMethods);
  evhttp_set_max_body_size(http_.get(), kMaxRequestBody);
  port_ = listen_on(*base_, *http_, settings.address, settings.port);
  stop_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  stop_event_.reset(event_new(base_.get(), stop_fd_, EV_READ, leave_loop, base_.get()));
  event_add(stop_event_.get(), nullptr);
  if (log_ == nullptr) return;
  flush_event_.reset(event_new(base_.get(), -1, EV_PERSIST, flush_log, log_));
  event_add(flush_event_.get(), &kFlushEvery);
}

Server::~Server() {
  for (const Exchange& exchange : exchanges_) {
    evhttp_connection_set_closecb(evhttp_request_get_connection(exchange.request), nullptr,
                                  nullptr);
  }
  exchanges_.clear();
  http_.reset();
  stop_event_.reset();
  close(stop_fd_);
}

std::string Server::base_url() const {
  return "http://" + settings_.address + ":" + std::to_string(port_);
}

void Server::run() {
  std::signal(SIGPIPE, SIG_IGN);  // a client may disconnect
  event_base_dispatch(base_.get());
  if (log_ != nullptr) log_->flush();
}

void Server::stop() {
  eventfd_write(stop_fd_, 1);
}

void Server::stop_on_signals() {
  terminate_event_ = signal_event(SIGTERM);
  interrupt_event_ = signal_event(SIGINT);
}

Event Server::signal_event(int signal) {
  Event result(evsignal_new(base_.get(), signal, leave_loop, base_.get()));
  event_add(result.get(), nullptr);
  return result;
}

void Server::on_request(evhttp_request* request, void* server) {
  static_cast<Server*>(server)->begin(request);
}

void Server::begin(evhttp_request* request) {
  const std::uint64_t in_flight = exchanges_.size() + 1;
  exchanges_.push_front({.server = *this,
                         .request = request,
                         .course = rules_.arrive(view_of(request), in_flight, Clock::now()),
                         .timer = nullptr,
                         .place = {}});
  Exchange& exchange = exchanges_.front();
  exchange.place = exchanges_.begin();
  // A connection cannot be closed in the callback that announces its request.
  if (settings_.latency.count() == 0 && exchange.course.fault == Fault::none) {
    return finish(exchange);
  }
  evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_client_gone, &exchange);
  exchange.timer.reset(evtimer_new(base_.get(), on_due, &exchange));
  wait(exchange, settings_.latency);
}

void Server::wait(Exchange& exchange, std::chrono::microseconds time) {
  const timeval wait = to_timeval(time);
  evtimer_add(exchange.timer.get(), &wait);
}

void Server::on_due(int, short, void* exchange) {
  auto& due = *static_cast<Exchange*>(exchange);
  if (due.outcome) {
    due.server.go_on(due);
  } else {
    due.server.finish(due);
  }
}

void Server::on_client_gone(evhttp_connection*, void* exchange) {
  auto& gone = *static_cast<Exchange*>(exchange);
  const Request request = view_of(gone.request);
  gone.server.record(gone, 0, gone.sent);
  if (gone.outcome) {
    gone.server.rules_.leave(request, gone.course, Clock::now());
  } else {
    gone.server.rules_.lose(request, gone.course, Clock::now());
  }
  // libevent does not free a request whose connection is lost.
  if (evhttp_request_get_connection(gone.request) == nullptr) evhttp_request_free(gone.request);
  gone.server.forget(gone);
}

void Server::finish(Exchange& exchange) {
  const Request request = view_of(exchange.request);
  const Moment now = Clock::now();
  Outcome outcome = rules_.answer(request, exchange.course, now);
  const bool in_pieces = outcome.delivery == Delivery::cut || outcome.delivery == Delivery::trickle;
  if (in_pieces) return start(exchange, std::move(outcome));
  rules_.leave(request, exchange.course, now);
  evhttp_connection_set_closecb(evhttp_request_get_connection(exchange.request), nullptr, nullptr);
  if (outcome.delivery == Delivery::reset) {
    record(exchange, 0, 0);
    reset(exchange.request);
  } else {
    record(exchange, outcome.response.status,
           outcome.response.body ? outcome.response.body->size() : 0);
    send_whole(exchange.request, outcome.response);
  }
  forget(exchange);
}

void Server::start(Exchange& exchange, Outcome outcome) {
  exchange.pieces = outcome.delivery == Delivery::cut ? 1 : kTricklePieces;
  exchange.outcome = std::move(outcome);
  send_headers(exchange.request, exchange.outcome->response);
  go_on(exchange);
}

// Sends half of the body, and no byte of the other half.
void Server::go_on(Exchange& exchange) {
  if (exchange.pieces == 0) return abandon(exchange);
  const Response& response = exchange.outcome->response;
  const std::size_t left = response.body->size() / 2 - exchange.sent;
  const std::size_t size = left / static_cast<std::size_t>(exchange.pieces);
  --exchange.pieces;
  send_piece(exchange.request, response, exchange.sent, size);
  exchange.sent += size;
  const bool slow = exchange.outcome->delivery == Delivery::trickle;
  wait(exchange, slow ? settings_.trickle / kTricklePieces : kBeforeCut);
}

void Server::abandon(Exchange& exchange) {
  evhttp_connection_set_closecb(evhttp_request_get_connection(exchange.request), nullptr, nullptr);
  rules_.leave(view_of(exchange.request), exchange.course, Clock::now());
  record(exchange, exchange.outcome->response.status, exchange.sent);
  if (exchange.outcome->delivery == Delivery::cut) {
    reset(exchange.request);
  } else {
    hang_up(exchange.request);
  }
  forget(exchange);
}

void Server::record(const Exchange& exchange, int status, std::uint64_t bytes) {
  ++totals_.requests;
  totals_.bytes += bytes;
  if (log_ == nullptr) return;
  log_->write({.arrived = exchange.course.arrived,
               .request = view_of(exchange.request),
               .method = method_name(exchange.request),
               .status = status,
               .bytes = bytes,
               .in_flight = exchange.course.in_flight,
               .fault = exchange.course.fault});
}

void Server::forget(Exchange& exchange) {
  exchanges_.erase(exchange.place);
}

}  // namespace repopipe::simulator
