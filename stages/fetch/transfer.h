// What both HTTP clients use: a task that waits, and one libcurl easy handle for one request after
// another.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/base/units.h"
#include "pipeline/model/pending_task.h"
#include "stages/fetch/http_client.h"

namespace repopipe {

// The result of a task without a response.
inline FetchResult unfetched(std::shared_ptr<PendingTask> task, Failure failure) {
  return {.task = std::move(task), .response = fail(std::move(failure)), .timing = {}};
}

// A task that waits in an HTTP client, with its callback.  If it is destroyed without `tell`, for
// example by an exception, its task fails as `internal`. `done` must not throw.
struct QueuedRequest {
  QueuedRequest(std::shared_ptr<PendingTask> its_task, HttpClient::Done whom)
      : task(std::move(its_task)), done(std::move(whom)) {}
  QueuedRequest(QueuedRequest&& other) noexcept
      : task(std::move(other.task)), done(std::exchange(other.done, nullptr)) {}
  QueuedRequest& operator=(QueuedRequest&& other) noexcept {
    const QueuedRequest before(std::move(*this));
    task = std::move(other.task);
    done = std::exchange(other.done, nullptr);
    return *this;
  }
  ~QueuedRequest() {
    if (done) tell(unfetched(std::move(task), {FailureKind::internal, "a task was lost"}));
  }

  // Call it once; the task may have been moved into `fetched`.
  void tell(FetchResult fetched) { std::exchange(done, nullptr)(std::move(fetched)); }
  void give_up(const Failure& failure) { tell(unfetched(std::move(task), failure)); }

  std::shared_ptr<PendingTask> task;
  HttpClient::Done done;
};

// More than any API sends; a larger response fails.
inline constexpr std::size_t kMostHeaderBytes = 256UL << 10;

// Threading: one thread at a time.  Keeps references to the constructor's arguments.
class Transfer {
 public:
  Transfer(const HttpOptions& options, ProxyLogin& login, Connections& connections,
           const Clock& clock);
  Transfer(const Transfer&) = delete;  // libcurl holds its address
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const { return easy_.get(); }

  // Prepares the handle for this task and starts its time.  On failure (no memory, or a proxy that
  // rejects the login) call give_up().
  std::optional<Failure> begin(std::shared_ptr<PendingTask> task) noexcept;
  // The result, after libcurl reported `code`.
  FetchResult finish(CURLcode code) noexcept;
  // The result of a task that is not sent.
  FetchResult give_up(const Failure& failure) noexcept;

 private:
  static curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept;
  static int on_close_socket(void* connections, curl_socket_t socket) noexcept;
  static int on_debug(CURL*, curl_infotype type, char* text, std::size_t length,
                      void* self) noexcept;
  static std::size_t on_header(char* text, std::size_t, std::size_t length, void* self) noexcept;
  static std::size_t on_body(char* bytes, std::size_t, std::size_t length, void* self) noexcept;
  bool take_header(std::string_view text);
  bool take_body(std::string_view bytes);
  void prepare();
  Result<Response> response_of(CURLcode code);
  void set_headers();
  std::chrono::milliseconds connect_timeout() const;
  void listen_for_goaway();
  bool is_login_refused() const;
  void end_silent_connection() const;
  std::optional<Failure> limit_of_machine(CURLcode code) const;
  Timing timing() const;
  Failure failure(CURLcode code) const;  // these are in transfer_failure.cc
  std::string details(CURLcode code) const;

  template <class T>
  T info(CURLINFO what) const {
    T value{};
    curl_easy_getinfo(easy(), what, &value);
    return value;
  }

  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  const HttpOptions& options_;
  ProxyLogin& login_;
  Connections& connections_;
  const Clock& clock_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::uint32_t principal_ = 0;  // the principal that `headers_` are for
  std::string etag_;             // the ETag in `headers_`
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::shared_ptr<PendingTask> task_;
  Response response_;
  Time started_{};
  WallTime started_at_{};
  std::size_t header_bytes_ = 0;
  int socket_error_ = 0;  // errno of opening a socket
  bool too_large_ = false;
  bool out_of_memory_ = false;
};

// Global state of libcurl; it must outlive all threads that use libcurl.
class CurlLibrary {
 public:
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlLibrary() { curl_global_cleanup(); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
};

}  // namespace repopipe
