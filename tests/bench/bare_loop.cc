// The least that lists users into SQLite: fetch, inflate, parse and insert, on one thread, with no
// retries, no history and no timings.  scripts/bench compares the pipeline with it.  Requests,
// paging and parsing are the provider's, so that both do the same work; the rest is this file.
//
//   bare_loop BASE_URL LOGINS_FILE CONCURRENCY DATABASE
#include <curl/curl.h>
#include <fmt/format.h>

#include <cstdlib>
#include <deque>
#include <fstream>
#include <memory>
#include <optional>

#include "stages/parse.h"
#include "stages/providers/github.h"
#include "stages/providers/github_fields.h"
#include "tests/bench/bare_tables.h"

namespace repopipe::bench {
namespace {

constexpr Bytes kMostBytes{64 << 20};

[[noreturn]] void die(const std::string& why) {
  fmt::print(stderr, "bare_loop: {}\n", why);
  std::exit(EXIT_FAILURE);
}

struct Exchange {
  CURL* easy = nullptr;
  Ticket ticket;
  Reply reply;
};

std::size_t on_header(char* text, std::size_t, std::size_t length, void* exchange) {
  const std::string_view line(text, length);
  const std::size_t colon = line.find(": ");
  if (colon != std::string_view::npos && line.ends_with("\r\n")) {
    static_cast<Exchange*>(exchange)->reply.headers.add(
        line.substr(0, colon), line.substr(colon + 2, line.size() - colon - 4));
  }
  return length;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t length, void* exchange) {
  static_cast<Exchange*>(exchange)->reply.body.append(bytes, length);
  return length;
}

class BareLoop {
 public:
  BareLoop(const std::string& base_url, const std::string& logins, const std::string& database)
      : base_url_(base_url),
        provider_({base_url, 100}),
        logins_(logins),
        tables_(database, github_fields()) {
    if (!logins_) die("cannot read " + logins);
  }
  ~BareLoop() {
    for (const auto& exchange : exchanges_) curl_easy_cleanup(exchange->easy);
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  void run(int concurrency) {
    for (int i = 0; i < concurrency; ++i) add_exchange();
    while (start_idle()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      if (!finish_done()) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
  }

 private:
  void add_exchange() {
    Exchange& exchange = *exchanges_.emplace_back(std::make_unique<Exchange>());
    exchange.easy = curl_easy_init();
    curl_easy_setopt(exchange.easy, CURLOPT_PRIVATE, &exchange);
    curl_easy_setopt(exchange.easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(exchange.easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(exchange.easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(exchange.easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(exchange.easy, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(exchange.easy, CURLOPT_USERAGENT, "bare_loop");
    idle_.push_back(&exchange);
  }

  std::optional<Ticket> next() {
    Ticket ticket;
    if (!follow_ups_.empty()) {
      ticket = std::move(follow_ups_.front());
      follow_ups_.pop_front();
      return ticket;
    }
    if (!std::getline(logins_, ticket.login)) return std::nullopt;
    ticket.request = provider_.first_request({ticket.login});
    return ticket;
  }

  // False when nothing is left and nothing is under way.
  bool start_idle() {
    while (!idle_.empty()) {
      auto ticket = next();
      if (!ticket) break;
      Exchange& exchange = *idle_.back();
      idle_.pop_back();
      exchange.ticket = std::move(*ticket);
      exchange.reply = Reply{};
      const std::string url = base_url_ + exchange.ticket.request.target;
      curl_easy_setopt(exchange.easy, CURLOPT_URL, url.c_str());
      curl_multi_add_handle(multi_, exchange.easy);
    }
    return idle_.size() < exchanges_.size();
  }

  bool finish_done() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->data.result != CURLE_OK) die(curl_easy_strerror(message->data.result));
      Exchange* exchange = nullptr;
      long status = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
      curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
      exchange->reply.status = static_cast<int>(status);
      curl_multi_remove_handle(multi_, exchange->easy);
      keep(*exchange);
      idle_.push_back(exchange);
      any = true;
    }
    return any;
  }

  void keep(const Exchange& exchange) {
    const Reply& reply = exchange.reply;
    auto verdict = provider_.judge(exchange.ticket, reply);
    if (const Failure* failure = std::get_if<Failure>(&verdict)) die(failure->message);
    for (Request& request : std::get<Accept>(verdict).follow_ups) {
      follow_ups_.push_back({.login = exchange.ticket.login, .request = std::move(request)});
    }
    const auto body =
        scratch_.inflater.inflate(reply.body, reply.headers.find("content-encoding"), kMostBytes);
    if (!body) die(body.error().message);
    const auto page = provider_.parse(exchange.ticket, *body, *scratch_.json);
    if (!page) die(page.error().message);
    tables_.insert(page->rows);
  }

  const std::string base_url_;
  const GithubProvider provider_;
  std::ifstream logins_;
  BareTables tables_;
  std::deque<Ticket> follow_ups_;
  CURLM* multi_ = curl_multi_init();
  curl_slist* headers_ = curl_slist_append(nullptr, "Accept-Encoding: gzip");
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Exchange*> idle_;
  ParseScratch scratch_;
};

}  // namespace
}  // namespace repopipe::bench

int main(int argc, char** argv) {
  if (argc != 5) repopipe::bench::die("BASE_URL LOGINS_FILE CONCURRENCY DATABASE");
  repopipe::bench::BareLoop(argv[1], argv[2], argv[4]).run(std::atoi(argv[3]));
}
