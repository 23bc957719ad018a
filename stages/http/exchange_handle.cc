#include "stages/http/exchange_handle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "pipeline/core/text.h"

namespace repopipe {
namespace {

// Far above what any API sends; a reply with more is not one.
constexpr std::size_t kMostHeaderBytes = 256UL << 10;

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

curl_slist* append(curl_slist* list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list, line.c_str());
  assert(longer != nullptr);
  return longer;
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

ExchangeHandle::ExchangeHandle(const HttpOptions& options, const Clock& clock)
    : options_(options), clock_(clock), easy_(curl_easy_init()) {
  CURL* easy = easy_.get();
  assert(easy != nullptr);
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

void ExchangeHandle::begin(Ticket ticket) {
  ticket_ = std::move(ticket);
  const bool is_alike = ticket_.principal == principal_ && ticket_.request.etag == etag_;
  if (!headers_ || !is_alike) set_headers();
  reply_ = Reply{};
  header_bytes_ = 0;
  too_large_ = false;
  error_[0] = '\0';
  curl_easy_setopt(easy(), CURLOPT_URL, url_of(options_.base_url, ticket_.request.target).c_str());
  started_ = clock_.now();
  started_at_ = clock_.wall();
}

// Accept-Encoding is set as a header and not by curl's own option: bodies stay compressed until
// parse inflates them, in parallel.
void ExchangeHandle::set_headers() {
  principal_ = ticket_.principal;
  etag_ = ticket_.request.etag;
  curl_slist* list = append(nullptr, "Accept-Encoding: gzip");
  for (const std::string& header : options_.headers) list = append(list, header);
  if (!options_.tokens.empty()) {
    list = append(list, "Authorization: Bearer " + options_.tokens.at(principal_));
  }
  if (is_one_line(etag_)) list = append(list, "If-None-Match: " + etag_);
  curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, list);
  headers_.reset(list);
}

std::size_t ExchangeHandle::on_header(char* text, std::size_t, std::size_t length, void* self) {
  auto& handle = *static_cast<ExchangeHandle*>(self);
  const std::string_view line = trim({text, length});
  handle.header_bytes_ += length;
  if (handle.header_bytes_ > kMostHeaderBytes) {
    handle.too_large_ = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) handle.reply_.headers = Headers{};  // after a 1xx reply
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    handle.reply_.headers.add(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  return length;
}

std::size_t ExchangeHandle::on_body(char* bytes, std::size_t, std::size_t length, void* self) {
  auto& handle = *static_cast<ExchangeHandle*>(self);
  std::string& body = handle.reply_.body;
  const std::uint64_t limit = handle.options_.max_body.count;
  if (body.size() + length > limit) {
    handle.too_large_ = true;
    return 0;
  }
  if (body.empty()) {
    const auto announced = info<curl_off_t>(handle.easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    if (announced > 0) body.reserve(std::min(static_cast<std::uint64_t>(announced), limit));
  }
  body.append(bytes, length);
  return length;
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
  return {never_connected(code) ? FailureKind::connect : FailureKind::transport,
          std::string(details.empty() ? curl_easy_strerror(code) : details)};
}

Fetched ExchangeHandle::finish(CURLcode code) {
  Fetched fetched{.ticket = std::move(ticket_), .reply = {}, .timing = timing()};
  if (code != CURLE_OK) {
    fetched.reply = fail(failure(code));
    return fetched;
  }
  reply_.status = static_cast<int>(info<long>(easy(), CURLINFO_RESPONSE_CODE));
  reply_.http_version = http_version(easy());
  reply_.received_at =
      started_at_ + std::chrono::duration_cast<std::chrono::milliseconds>(fetched.timing.total);
  reply_.wire_bytes =
      static_cast<std::uint64_t>(info<long>(easy(), CURLINFO_HEADER_SIZE)) +
      static_cast<std::uint64_t>(info<curl_off_t>(easy(), CURLINFO_SIZE_DOWNLOAD_T));
  fetched.reply = std::move(reply_);
  return fetched;
}

Fetched ExchangeHandle::cancel() {
  Fetched fetched = cancelled(std::move(ticket_));
  fetched.timing = timing();
  return fetched;
}

Fetched cancelled(Ticket ticket) {
  return {.ticket = std::move(ticket),
          .reply = fail(FailureKind::cancelled, "the run is stopping"),
          .timing = {}};
}

}  // namespace repopipe
