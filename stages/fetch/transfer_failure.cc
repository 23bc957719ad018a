// Transfer: classification of failed requests.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "stages/fetch/transfer.h"

namespace repopipe {
namespace {

constexpr int kProxyLoginRefused = 407;
// A slower connection is useless; the next attempt may get a better one.
constexpr std::chrono::milliseconds kLongestConnect{15'000};

// Whether the connection failed, not this request.
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

// A proxy that inspects TLS has its own certificate authority.
std::string_view advice_on(CURLcode code) {
  const bool is_distrust =
      code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
  return is_distrust ? "; provider.ca_file names the certificate authorities to trust" : "";
}

// RFC 9113, section 7.
std::string http2_error(int code) {
  constexpr std::array kNames{"NO_ERROR",
                              "PROTOCOL_ERROR",
                              "INTERNAL_ERROR",
                              "FLOW_CONTROL_ERROR",
                              "SETTINGS_TIMEOUT",
                              "STREAM_CLOSED",
                              "FRAME_SIZE_ERROR",
                              "REFUSED_STREAM",
                              "CANCEL",
                              "COMPRESSION_ERROR",
                              "CONNECT_ERROR",
                              "ENHANCE_YOUR_CALM",
                              "INADEQUATE_SECURITY",
                              "HTTP_1_1_REQUIRED"};
  const auto index = static_cast<std::size_t>(code);
  return index < kNames.size() ? kNames[index] : fmt::format("error {}", code);
}

}  // namespace

std::chrono::milliseconds Transfer::connect_timeout() const {
  return std::min(options_.timeout, kLongestConnect);
}

// libcurl reports the error code of a GOAWAY only in its log, and only for one of the connection's
// requests.
void Transfer::listen_for_goaway() {
  curl_easy_setopt(easy(), CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
  curl_easy_setopt(easy(), CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(easy(), CURLOPT_VERBOSE, 1L);
}

int Transfer::on_debug(CURL*, curl_infotype type, char* text, std::size_t length,
                       void* self) noexcept {
  constexpr std::string_view kGoaway = "GOAWAY, error=";
  if (type != CURLINFO_TEXT) return 0;
  const std::string_view line(text, length);
  const std::size_t at = line.find(kGoaway);
  if (at == std::string_view::npos) return 0;
  int error = 0;
  std::from_chars(text + at + kGoaway.size(), text + length, error);
  const auto& handle = *static_cast<const Transfer*>(self);
  if (error > 0) handle.connections_.take_goaway(error, handle.clock_.now());
  return 0;
}

std::string Transfer::details(CURLcode code) const {
  const std::string_view told(error_.data());
  return std::string(told.empty() ? curl_easy_strerror(code) : told);
}

Failure Transfer::failure(CURLcode code) const {
  if (out_of_memory_ || code == CURLE_OUT_OF_MEMORY) {
    return {FailureKind::worker_crashed, "out of memory"};  // because of this request
  }
  if (too_large_ && header_bytes_ > kMostHeaderBytes) {
    return {FailureKind::too_large, "the response's headers are larger than 256 KiB"};
  }
  if (too_large_) {
    return {FailureKind::too_large,
            "the body is larger than fetch.max_body, " + show(options_.max_body)};
  }
  if (auto limit = limit_of_machine(code)) return *limit;
  const bool is_connected = info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) > 0;
  if (code == CURLE_OPERATION_TIMEDOUT && is_connected) {
    return {FailureKind::timeout, "no complete response within " + show(options_.timeout)};
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return {FailureKind::connect, "no connection within " + show(connect_timeout())};
  }
  if (never_connected(code))
    return {FailureKind::connect, details(code) + std::string(advice_on(code))};
  const auto goaway = connections_.goaway_since(started_);
  if (!goaway) return {FailureKind::transport, details(code)};
  return {FailureKind::transport,
          fmt::format("{}; the server sent GOAWAY, {}", details(code), http2_error(*goaway))};
}

// A failed name lookup or unreadable certificates may be caused by a lack of descriptors.  libcurl
// does not say, so a socket is opened as a test.
std::optional<Failure> Transfer::limit_of_machine(CURLcode code) const {
  if (!never_connected(code)) return std::nullopt;
  return limit_of_sockets(socket_error_ != 0 ? socket_error_ : error_of_new_socket());
}

// libcurl continues to use an HTTP/2 connection after a timeout.  If nothing is received on it, it
// is dead: all its requests fail when it is shut down, and later ones use a new one.
void Transfer::end_silent_connection() const {
  const auto port = static_cast<int>(info<long>(CURLINFO_LOCAL_PORT));
  if (port != 0) connections_.end_if_silent(port, options_.timeout / 2);
}

// As the response to CONNECT, or from a proxy that did not forward the request.
bool Transfer::is_login_refused() const {
  return info<long>(CURLINFO_HTTP_CONNECTCODE) == kProxyLoginRefused ||
         info<long>(CURLINFO_RESPONSE_CODE) == kProxyLoginRefused;
}

}  // namespace repopipe
