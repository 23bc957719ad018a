#include "stages/fetch/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "pipeline/base/text.h"
#include "pipeline/base/thread.h"
#include "stages/fetch/http_client.h"

namespace repopipe {
namespace {

// Routers and firewalls drop idle connections, often without notice.
constexpr long kLongestIdleSeconds = 30;

std::string_view http_version(long version) {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "1.1";
  }
}

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

// Targets and ETags may come from a queue or database that others can write.  They must not name
// another host or add a header, which would send the token elsewhere.
std::string url_of(const std::string& base_url, const std::string& target) {
  return base_url + (target.starts_with('/') ? "" : "/") + target;
}

bool is_one_line(const std::string& etag) {
  return !etag.empty() && etag.find_first_of(std::string_view("\r\n\0", 3)) == etag.npos;
}

}  // namespace

Transfer::Transfer(const HttpOptions& options, ProxyLogin& login, Connections& connections,
                   const Clock& clock)
    : options_(options),
      login_(login),
      connections_(connections),
      clock_(clock),
      easy_(curl_easy_init()) {
  CURL* easy = easy_.get();
  if (easy == nullptr) throw std::bad_alloc();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout().count()));
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, kLongestIdleSeconds);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Transfer::on_close_socket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &connections);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  // HTTP/2 if TLS negotiates it; then many requests share a connection.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (options.base_url.starts_with("https:")) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  if (options.base_url.starts_with("https:")) listen_for_goaway();
  if (options.ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file->c_str());
}

std::optional<Failure> Transfer::begin(std::shared_ptr<PendingTask> task) noexcept {
  task_ = std::move(task);
  started_ = clock_.now();
  started_at_ = clock_.wall();
  try {
    if (auto objection = login_.objection(started_)) return objection;
    prepare();
    return std::nullopt;
  } catch (...) {
    return caught_over_task();
  }
}

void Transfer::prepare() {
  const Task& task = task_->task();
  const bool is_alike = task.principal == principal_ && task.request.etag == etag_;
  if (!headers_ || !is_alike) set_headers();
  response_ = Response{};
  header_bytes_ = 0;
  too_large_ = false;
  out_of_memory_ = false;
  socket_error_ = 0;
  error_[0] = '\0';
  curl_easy_setopt(easy(), CURLOPT_FRESH_CONNECT, task.timed_out ? 1L : 0L);
  curl_easy_setopt(easy(), CURLOPT_URL, url_of(options_.base_url, task.request.target).c_str());
}

// Accept-Encoding is set as a header, not by curl's option: parse inflates bodies, in parallel.
void Transfer::set_headers() {
  HeaderList list(nullptr, &curl_slist_free_all);
  append(list, "Accept-Encoding: gzip");
  for (const std::string& header : options_.headers) append(list, header);
  if (!options_.tokens.empty()) {
    append(list, "Authorization: Bearer " + options_.tokens.at(task_->task().principal));
  }
  const std::string& etag = task_->task().request.etag;
  if (is_one_line(etag)) append(list, "If-None-Match: " + etag);
  etag_ = etag;
  principal_ = task_->task().principal;
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, list.get());
  headers_.reset(list.release());
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  auto& handle = *static_cast<Transfer*>(self);
  const int made = handle.connections_.open(address->family, address->socktype, address->protocol);
  if (made < 0) handle.socket_error_ = errno;
  return made;
}

// Connections outlive the handles that opened them.
int Transfer::on_close_socket(void* connections, curl_socket_t socket) noexcept {
  static_cast<Connections*>(connections)->close(socket);
  return 0;
}

std::size_t Transfer::on_header(char* text, std::size_t, std::size_t length, void* self) noexcept {
  auto& handle = *static_cast<Transfer*>(self);
  try {
    return handle.take_header({text, length}) ? length : 0;
  } catch (...) {
    handle.out_of_memory_ = true;
    return 0;
  }
}

bool Transfer::take_header(std::string_view text) {
  const std::string_view line = trim(text);
  header_bytes_ += text.size();
  if (header_bytes_ > kMostHeaderBytes) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) response_.headers = Headers{};  // also after a 1xx response
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    response_.headers.add(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  return true;
}

std::size_t Transfer::on_body(char* bytes, std::size_t, std::size_t length, void* self) noexcept {
  auto& handle = *static_cast<Transfer*>(self);
  try {
    return handle.take_body({bytes, length}) ? length : 0;
  } catch (...) {
    handle.out_of_memory_ = true;
    return 0;
  }
}

bool Transfer::take_body(std::string_view bytes) {
  std::string& body = response_.body;
  const std::uint64_t limit = options_.max_body.count;
  if (body.size() + bytes.size() > limit) {
    too_large_ = true;
    return false;
  }
  if (body.empty()) {
    const auto announced = info<curl_off_t>(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    if (announced > 0) body.reserve(std::min(static_cast<std::uint64_t>(announced), limit));
  }
  body.append(bytes);
  return true;
}

Timing Transfer::timing() const {
  const auto phase = [this](CURLINFO what) { return Duration(info<curl_off_t>(what)); };
  const Duration name_lookup = phase(CURLINFO_NAMELOOKUP_TIME_T);
  const Duration connect = std::max(name_lookup, phase(CURLINFO_CONNECT_TIME_T));
  const Duration tls = std::max(connect, phase(CURLINFO_APPCONNECT_TIME_T));
  const Duration first_byte = std::max(tls, phase(CURLINFO_STARTTRANSFER_TIME_T));
  return {.started_at = started_at_,
          .started = started_,
          .name_lookup = name_lookup,
          .connect = connect,
          .tls = tls,
          .first_byte = first_byte,
          .total = std::max(first_byte, phase(CURLINFO_TOTAL_TIME_T))};
}

// Moves the task last, so that it cannot be lost.
FetchResult Transfer::finish(CURLcode code) noexcept {
  try {
    Result<Response> response = response_of(code);
    return {.task = std::move(task_), .response = std::move(response), .timing = timing()};
  } catch (...) {
    return give_up(caught_over_task());
  }
}

Result<Response> Transfer::response_of(CURLcode code) {
  if (is_login_refused()) {
    login_.refused(clock_.now());
    return fail(proxy_login_refused());
  }
  if (code == CURLE_OPERATION_TIMEDOUT) end_silent_connection();
  if (code != CURLE_OK) return fail(failure(code));
  login_.accepted();
  response_.status = static_cast<int>(info<long>(CURLINFO_RESPONSE_CODE));
  response_.http_version = http_version(info<long>(CURLINFO_HTTP_VERSION));
  response_.received_at =
      started_at_ + std::chrono::duration_cast<std::chrono::milliseconds>(timing().total);
  response_.wire_bytes = static_cast<std::uint64_t>(info<long>(CURLINFO_HEADER_SIZE)) +
                         static_cast<std::uint64_t>(info<curl_off_t>(CURLINFO_SIZE_DOWNLOAD_T));
  return std::move(response_);
}

FetchResult Transfer::give_up(const Failure& failure) noexcept {
  FetchResult fetched = unfetched(std::move(task_), failure);
  fetched.timing = timing();
  return fetched;
}

}  // namespace repopipe
