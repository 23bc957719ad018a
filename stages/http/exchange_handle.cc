#include "stages/http/exchange_handle.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "pipeline/core/caught.h"
#include "pipeline/core/text.h"
#include "stages/http/order.h"

namespace repopipe {
namespace {

// Far above what any API sends; a reply with more is not one.
constexpr std::size_t kMostHeaderBytes = 256UL << 10;
constexpr int kProxyLoginRefused = 407;

template <class T>
T info(CURL* easy, CURLINFO what) {
  T value{};
  curl_easy_getinfo(easy, what, &value);
  return value;
}

std::string_view http_version(CURL* easy) {
  switch (info<long>(easy, CURLINFO_HTTP_VERSION)) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "1.1";
  }
}

// It is the way to the API that is in trouble, not this request.
bool never_connected(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PROXY:
      return true;
    default:
      return false;
  }
}

// A company that inspects TLS signs with an authority of its own.
std::string_view advice_on(CURLcode code) {
  const bool is_distrust =
      code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
  return is_distrust ? "; provider.ca_file names the certificate authorities to trust" : "";
}

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

// Targets and validators may come from a queue or a database that others can write to: neither may
// name another host or add a header, or a token would go where it must not.
std::string url_of(const std::string& base_url, const std::string& target) {
  return base_url + (target.starts_with('/') ? "" : "/") + target;
}

bool is_one_line(const std::string& etag) {
  return !etag.empty() && etag.find_first_of(std::string_view("\r\n\0", 3)) == etag.npos;
}

}  // namespace

ExchangeHandle::ExchangeHandle(const HttpOptions& options, ProxyLogin& login, const Clock& clock)
    : options_(options), login_(login), clock_(clock), easy_(curl_easy_init()) {
  CURL* easy = easy_.get();
  if (easy == nullptr) throw std::bad_alloc();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &ExchangeHandle::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &ExchangeHandle::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  // HTTP/2 where TLS negotiates it; then many exchanges share one connection.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (options.base_url.starts_with("https:")) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  if (options.ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file->c_str());
}

std::optional<Failure> ExchangeHandle::begin(Ticket ticket) noexcept {
  ticket_ = std::move(ticket);
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

void ExchangeHandle::prepare() {
  const bool is_alike = ticket_.principal == principal_ && ticket_.request.etag == etag_;
  if (!headers_ || !is_alike) set_headers();
  reply_ = Reply{};
  header_bytes_ = 0;
  too_large_ = false;
  out_of_memory_ = false;
  error_[0] = '\0';
  curl_easy_setopt(easy(), CURLOPT_URL, url_of(options_.base_url, ticket_.request.target).c_str());
}

// Accept-Encoding is set as a header and not by curl's own option: bodies stay compressed until
// parse inflates them, in parallel.
void ExchangeHandle::set_headers() {
  HeaderList list(nullptr, &curl_slist_free_all);
  append(list, "Accept-Encoding: gzip");
  for (const std::string& header : options_.headers) append(list, header);
  if (!options_.tokens.empty()) {
    append(list, "Authorization: Bearer " + options_.tokens.at(ticket_.principal));
  }
  const std::string& etag = ticket_.request.etag;
  if (is_one_line(etag)) append(list, "If-None-Match: " + etag);
  etag_ = etag;
  principal_ = ticket_.principal;
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, list.get());
  headers_.reset(list.release());
}

std::size_t ExchangeHandle::on_header(char* text, std::size_t, std::size_t length,
                                      void* self) noexcept {
  auto& handle = *static_cast<ExchangeHandle*>(self);
  try {
    return handle.take_header({text, length}) ? length : 0;
  } catch (...) {
    handle.out_of_memory_ = true;
    return 0;
  }
}

bool ExchangeHandle::take_header(std::string_view text) {
  const std::string_view line = trim(text);
  header_bytes_ += text.size();
  if (header_bytes_ > kMostHeaderBytes) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) reply_.headers = Headers{};  // after a 1xx reply
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    reply_.headers.add(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  return true;
}

std::size_t ExchangeHandle::on_body(char* bytes, std::size_t, std::size_t length,
                                    void* self) noexcept {
  auto& handle = *static_cast<ExchangeHandle*>(self);
  try {
    return handle.take_body({bytes, length}) ? length : 0;
  } catch (...) {
    handle.out_of_memory_ = true;
    return 0;
  }
}

bool ExchangeHandle::take_body(std::string_view bytes) {
  std::string& body = reply_.body;
  const std::uint64_t limit = options_.max_body.count;
  if (body.size() + bytes.size() > limit) {
    too_large_ = true;
    return false;
  }
  if (body.empty()) {
    const auto announced = info<curl_off_t>(easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    if (announced > 0) body.reserve(std::min(static_cast<std::uint64_t>(announced), limit));
  }
  body.append(bytes);
  return true;
}

Timing ExchangeHandle::timing() const {
  const auto phase = [this](CURLINFO what) { return Duration(info<curl_off_t>(easy(), what)); };
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

Failure ExchangeHandle::failure(CURLcode code) const {
  if (out_of_memory_ || code == CURLE_OUT_OF_MEMORY) {
    return {FailureKind::worker_crashed, "out of memory"};  // of this request, not of the API
  }
  if (too_large_ && header_bytes_ > kMostHeaderBytes) {
    return {FailureKind::too_large, "the reply's headers are larger than 256 KiB"};
  }
  if (too_large_) {
    return {FailureKind::too_large,
            "the body is larger than fetch.max_body, " + show(options_.max_body)};
  }
  const bool is_connected = info<curl_off_t>(easy(), CURLINFO_PRETRANSFER_TIME_T) > 0;
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return {is_connected ? FailureKind::timeout : FailureKind::connect,
            fmt::format("no {} within {}", is_connected ? "complete reply" : "connection",
                        show(options_.timeout))};
  }
  const std::string_view details(error_.data());
  return {
      never_connected(code) ? FailureKind::connect : FailureKind::transport,
      fmt::format("{}{}", details.empty() ? curl_easy_strerror(code) : details, advice_on(code))};
}

// The ticket is moved last, so that none is lost.
Fetched ExchangeHandle::finish(CURLcode code) noexcept {
  try {
    Result<Reply> reply = reply_of(code);
    return {.ticket = std::move(ticket_), .reply = std::move(reply), .timing = timing()};
  } catch (...) {
    return give_up(caught_over_task());
  }
}

// As the answer to a CONNECT, or to a request that a proxy has not passed on.
bool ExchangeHandle::is_login_refused() const {
  return info<long>(easy(), CURLINFO_HTTP_CONNECTCODE) == kProxyLoginRefused ||
         info<long>(easy(), CURLINFO_RESPONSE_CODE) == kProxyLoginRefused;
}

Result<Reply> ExchangeHandle::reply_of(CURLcode code) {
  if (is_login_refused()) {
    login_.refused(clock_.now());
    return fail(proxy_login_refused());
  }
  if (code != CURLE_OK) return fail(failure(code));
  login_.accepted();
  reply_.status = static_cast<int>(info<long>(easy(), CURLINFO_RESPONSE_CODE));
  reply_.http_version = http_version(easy());
  reply_.received_at =
      started_at_ + std::chrono::duration_cast<std::chrono::milliseconds>(timing().total);
  reply_.wire_bytes =
      static_cast<std::uint64_t>(info<long>(easy(), CURLINFO_HEADER_SIZE)) +
      static_cast<std::uint64_t>(info<curl_off_t>(easy(), CURLINFO_SIZE_DOWNLOAD_T));
  return std::move(reply_);
}

Fetched ExchangeHandle::give_up(const Failure& failure) noexcept {
  Fetched fetched = unfetched(std::move(ticket_), failure);
  fetched.timing = timing();
  return fetched;
}

}  // namespace repopipe
