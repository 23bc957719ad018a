// One libcurl easy handle, used for one exchange after another by both engines.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"
#include "pipeline/model/pending_task.h"
#include "stages/fetch/http_client.h"

namespace repopipe {

// Far above what any API sends; a response with more is not one.
inline constexpr std::size_t kMostHeaderBytes = 256UL << 10;

// Threading: one thread at a time.  Keeps references to what the constructor gets.
class Transfer {
 public:
  Transfer(const HttpOptions& options, ProxyLogin& login, Connections& connections,
           const Clock& clock);
  Transfer(const Transfer&) = delete;  // libcurl holds its address
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const { return easy_.get(); }

  // Readies the handle for this task; its time starts now.  After a failure, for want of memory
  // or of a login that the proxy accepts, the task is to be given up.
  std::optional<Failure> begin(std::shared_ptr<PendingTask> task) noexcept;
  // What came of it, after libcurl reported `code`.
  Fetched finish(CURLcode code) noexcept;
  // The answer for a task that is not carried out any more.
  Fetched give_up(const Failure& failure) noexcept;

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
  Failure failure(CURLcode code) const;  // this and what it needs: transfer_failure.cc
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
  std::uint32_t principal_ = 0;  // whose `headers_` are
  std::string etag_;             // in `headers_`
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::shared_ptr<PendingTask> task_;
  Response response_;
  Time started_{};
  WallTime started_at_{};
  std::size_t header_bytes_ = 0;
  int socket_error_ = 0;  // errno of a socket that could not be made
  bool too_large_ = false;
  bool out_of_memory_ = false;
};

// libcurl's own global state; one object for the life of the program's threads that use it.
class CurlLibrary {
 public:
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlLibrary() { curl_global_cleanup(); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
};

}  // namespace repopipe
