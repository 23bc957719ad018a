#include "tests/simulator/server.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/keyvalq_struct.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <new>

#include "tests/simulator/listen.h"

namespace repopipe::simulator {
namespace {

constexpr std::size_t kWriteSize = 1 << 20;  // a page goes out in one system call
constexpr ev_ssize_t kMaxRequestBody = 1 << 20;
constexpr timeval kFlushEvery{.tv_sec = 1, .tv_usec = 0};
constexpr short kAllMethods = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
                              EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
                              EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH;

timeval to_timeval(std::chrono::microseconds time) {
  return {.tv_sec = time.count() / 1'000'000, .tv_usec = time.count() % 1'000'000};
}

const char* method_name(const evhttp_request* request) {
  switch (evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
      return "GET";
    case EVHTTP_REQ_POST:
      return "POST";
    case EVHTTP_REQ_HEAD:
      return "HEAD";
    case EVHTTP_REQ_PUT:
      return "PUT";
    case EVHTTP_REQ_DELETE:
      return "DELETE";
    case EVHTTP_REQ_OPTIONS:
      return "OPTIONS";
    case EVHTTP_REQ_TRACE:
      return "TRACE";
    case EVHTTP_REQ_CONNECT:
      return "CONNECT";
    case EVHTTP_REQ_PATCH:
      return "PATCH";
  }
  return "";
}

Request view_of(evhttp_request* raw) {
  const evkeyvalq* headers = evhttp_request_get_input_headers(raw);
  const auto header = [&](const char* name) -> std::string_view {
    const char* value = evhttp_find_header(headers, name);
    return value == nullptr ? "" : value;
  };
  const bool get = evhttp_request_get_command(raw) == EVHTTP_REQ_GET;
  const char* target = evhttp_request_get_uri(raw);
  return {.method = get ? Method::get : Method::other,
          .target = target == nullptr ? "" : target,
          .host = header("Host"),
          .user_agent = header("User-Agent"),
          .accept = header("Accept"),
          .accept_encoding = header("Accept-Encoding"),
          .authorization = header("Authorization"),
          .if_none_match = header("If-None-Match")};
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

// Puts the body behind the headers without a copy; the page stays alive until it is written.
void attach(evbuffer* out, const std::shared_ptr<const std::string>& body) {
  if (!body || body->empty()) return;
  auto* keep = new std::shared_ptr<const std::string>(body);
  const auto release = [](const void*, std::size_t, void* kept) {
    delete static_cast<std::shared_ptr<const std::string>*>(kept);
  };
  evbuffer_add_reference(out, body->data(), body->size(), release, keep);
}

}  // namespace

struct Server::Exchange {
  Server& server;
  evhttp_request* request;  // the HTTP server's, until it is answered or its client is gone
  std::chrono::system_clock::time_point arrived;
  std::uint64_t in_flight;
  Fault fault;
  Event timer;
  Exchanges::iterator place;
};

Server::Server(const ServerSettings& settings, Answerer& answerer, Faults& faults, RequestLog* log)
    : settings_(settings), answerer_(answerer), faults_(faults), log_(log) {
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
  std::signal(SIGPIPE, SIG_IGN);  // a client that hangs up is its own affair
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
  exchanges_.push_front({.server = *this,
                         .request = request,
                         .arrived = std::chrono::system_clock::now(),
                         .in_flight = exchanges_.size() + 1,
                         .fault = faults_.next(evhttp_request_get_uri(request)),
                         .timer = nullptr,
                         .place = {}});
  Exchange& exchange = exchanges_.front();
  exchange.place = exchanges_.begin();
  // A connection cannot be cut from within the callback that announces its request.
  if (settings_.latency.count() == 0 && exchange.fault != Fault::reset) return finish(exchange);
  evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_client_gone, &exchange);
  exchange.timer.reset(evtimer_new(base_.get(), on_due, &exchange));
  const timeval wait = to_timeval(settings_.latency);
  evtimer_add(exchange.timer.get(), &wait);
}

void Server::on_due(int, short, void* exchange) {
  auto& due = *static_cast<Exchange*>(exchange);
  due.server.finish(due);
}

void Server::on_client_gone(evhttp_connection*, void* exchange) {
  auto& gone = *static_cast<Exchange*>(exchange);
  gone.server.record(gone, 0, 0);
  gone.server.forget(gone);
}

void Server::finish(Exchange& exchange) {
  evhttp_connection_set_closecb(evhttp_request_get_connection(exchange.request), nullptr, nullptr);
  if (exchange.fault == Fault::reset) {
    cut(exchange);
  } else if (exchange.fault == Fault::server_error) {
    send(exchange, outage(exchange.in_flight + totals_.requests));
  } else {
    send(exchange, answerer_.answer(view_of(exchange.request), std::chrono::system_clock::now()));
  }
  forget(exchange);
}

void Server::send(Exchange& exchange, const Reply& reply) {
  const std::uint64_t bytes = reply.body ? reply.body->size() : 0;
  record(exchange, reply.status, bytes);
  evkeyvalq* headers = evhttp_request_get_output_headers(exchange.request);
  evhttp_add_header(headers, "Server", "repopipe-simulator");
  for (const Header& header : reply.headers) {
    evhttp_add_header(headers, header.name, header.value.c_str());
  }
  attach(evhttp_request_get_output_buffer(exchange.request), reply.body);
  evhttp_send_reply(exchange.request, reply.status, reply.reason, nullptr);
}

// With a reset, so that the client sees "connection reset by peer" and not an orderly end.
void Server::cut(Exchange& exchange) {
  record(exchange, 0, 0);
  evhttp_connection* connection = evhttp_request_get_connection(exchange.request);
  const int socket = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  evhttp_connection_free(connection);
}

void Server::record(const Exchange& exchange, int status, std::uint64_t bytes) {
  ++totals_.requests;
  totals_.bytes += bytes;
  if (log_ == nullptr) return;
  log_->write({.arrived = exchange.arrived,
               .request = view_of(exchange.request),
               .method = method_name(exchange.request),
               .status = status,
               .bytes = bytes,
               .in_flight = exchange.in_flight,
               .fault = exchange.fault});
}

void Server::forget(Exchange& exchange) {
  exchanges_.erase(exchange.place);
}

}  // namespace repopipe::simulator
