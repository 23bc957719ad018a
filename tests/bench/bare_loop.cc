// The least that lists users into SQLite: fetch, inflate, parse and insert, on one thread, with no
// retries and no look at what was there before.  scripts/bench compares the pipeline with it.
// Requests, paging and parsing are the provider's, so that both do the same work; the rest is this
// file and bare_tables.cc.
//
//   bare_loop BASE_URL LOGINS_FILE CONCURRENCY DATABASE     (which has empty tables)
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <memory>
#include <optional>

#include "stages/parse/parse.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"
#include "tests/bench/bare_tables.h"

namespace repopipe::bench {
namespace {

constexpr Bytes kMostBytes{64 << 20};

[[noreturn]] void die(const std::string& why) {
  fmt::print(stderr, "bare_loop: {}\n", why);
  std::exit(EXIT_FAILURE);
}

struct Transfer {
  CURL* easy = nullptr;
  Task task;
  Response response;
  WallTime started_at{};
};

Timing timing_of(const Transfer& transfer) {
  const auto phase = [&](CURLINFO what) {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(transfer.easy, what, &microseconds);
    return Duration(microseconds);
  };
  Timing timing{.started_at = transfer.started_at};
  timing.name_lookup = phase(CURLINFO_NAMELOOKUP_TIME_T);
  timing.connect = std::max(timing.name_lookup, phase(CURLINFO_CONNECT_TIME_T));
  timing.tls = std::max(timing.connect, phase(CURLINFO_APPCONNECT_TIME_T));
  timing.first_byte = phase(CURLINFO_STARTTRANSFER_TIME_T);
  timing.total = phase(CURLINFO_TOTAL_TIME_T);
  return timing;
}

std::size_t on_header(char* text, std::size_t, std::size_t length, void* transfer) {
  const std::string_view line(text, length);
  const std::size_t colon = line.find(": ");
  if (colon != std::string_view::npos && line.ends_with("\r\n")) {
    static_cast<Transfer*>(transfer)->response.headers.add(
        line.substr(0, colon), line.substr(colon + 2, line.size() - colon - 4));
  }
  return length;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t length, void* transfer) {
  static_cast<Transfer*>(transfer)->response.body.append(bytes, length);
  return length;
}

class BareLoop {
 public:
  BareLoop(const std::string& base_url, const std::string& logins, const std::string& database)
      : base_url_(base_url),
        provider_(kGithub, {base_url, 100}),
        logins_(logins),
        tables_(database, kGithubRepositories.fields) {
    if (!logins_) die("cannot read " + logins);
  }
  ~BareLoop() {
    for (const auto& transfer : transfers_) curl_easy_cleanup(transfer->easy);
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  void run(int concurrency) {
    for (int i = 0; i < concurrency; ++i) add_transfer();
    while (start_idle()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      if (!finish_done()) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
    tables_.finish();
  }

 private:
  void add_transfer() {
    Transfer& transfer = *transfers_.emplace_back(std::make_unique<Transfer>());
    transfer.easy = curl_easy_init();
    curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(transfer.easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(transfer.easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(transfer.easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(transfer.easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(transfer.easy, CURLOPT_USERAGENT, "bare_loop");
    idle_.push_back(&transfer);
  }

  std::optional<Task> next() {
    Task task;
    if (!follow_ups_.empty()) {
      task = std::move(follow_ups_.front());
      follow_ups_.pop_front();
      return task;
    }
    if (!std::getline(logins_, task.login)) return std::nullopt;
    task.request = provider_.ask(ListingOf{task.login});
    return task;
  }

  // False when nothing is left and nothing is under way.
  bool start_idle() {
    while (!idle_.empty()) {
      auto task = next();
      if (!task) break;
      Transfer& transfer = *idle_.back();
      idle_.pop_back();
      transfer.task = std::move(*task);
      transfer.response = Response{};
      const std::string url = base_url_ + transfer.task.request.target;
      curl_easy_setopt(transfer.easy, CURLOPT_URL, url.c_str());
      transfer.started_at = clock_.wall();
      curl_multi_add_handle(multi_, transfer.easy);
    }
    return idle_.size() < transfers_.size();
  }

  bool finish_done() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->data.result != CURLE_OK) die(curl_easy_strerror(message->data.result));
      Transfer* transfer = nullptr;
      long status = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
      transfer->response.status = static_cast<int>(status);
      curl_off_t body_bytes = 0;
      long header_bytes = 0;
      curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
      curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &header_bytes);
      transfer->response.wire_bytes = static_cast<std::uint64_t>(body_bytes + header_bytes);
      curl_multi_remove_handle(multi_, transfer->easy);
      keep(*transfer);
      idle_.push_back(transfer);
      any = true;
    }
    return any;
  }

  void keep(Transfer& transfer) {
    const Response& response = transfer.response;
    Task& task = transfer.task;
    const Verdict verdict = provider_.judge(task, response, {});
    if (const auto* failure = std::get_if<Failure>(&verdict.meaning)) die(failure->message);
    const Time begin = clock_.now();
    const auto body = scratch_.inflater.inflate(
        response.body, response.headers.find("content-encoding"), kMostBytes);
    if (!body) die(body.error().message);
    auto answer = provider_.read(task, response, *body, *scratch_.json);
    if (!answer) die(answer.error().message);
    auto& read = std::get<PageRead>(*answer);
    std::vector<Request>& next_pages = read.follow_ups;
    const std::size_t count = next_pages.size();
    for (Request& request : next_pages) {
      follow_ups_.push_back({.login = task.login, .request = std::move(request)});
    }
    tables_.insert({.login = task.login,
                    .log = {.page = task.request.page,
                            .status = response.status,
                            .bytes = response.wire_bytes,
                            .timing = timing_of(transfer)},
                    .page = std::move(read.page),
                    .follow_ups = count,
                    .parse = clock_.now() - begin});
  }

  const SystemClock clock_;
  const std::string base_url_;
  const RestProtocol provider_;
  std::ifstream logins_;
  BareTables tables_;
  std::deque<Task> follow_ups_;
  CURLM* multi_ = curl_multi_init();
  curl_slist* headers_ = curl_slist_append(nullptr, "Accept-Encoding: gzip");
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
  ParseScratch scratch_;
};

}  // namespace
}  // namespace repopipe::bench

int main(int argc, char** argv) {
  if (argc != 5) repopipe::bench::die("BASE_URL LOGINS_FILE CONCURRENCY DATABASE");
  repopipe::bench::BareLoop(argv[1], argv[2], argv[4]).run(std::atoi(argv[3]));
}
