#include "stages/fetch/post.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <new>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kBodyLimit = "ping-body-limit:";

std::size_t on_post_header(char* text, std::size_t, std::size_t length, void* answer) noexcept {
  const std::string line = fold_case(std::string_view(text, length));
  if (!line.starts_with(kBodyLimit)) return length;
  const std::string_view value = trim(std::string_view(line).substr(kBodyLimit.size()));
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), limit);
  if (error == std::errc{} && end == value.data() + value.size()) {
    static_cast<PostAnswer*>(answer)->body_limit = limit;
  }
  return length;
}

std::size_t ignore_body(char*, std::size_t, std::size_t length, void*) noexcept {
  return length;
}

Failure failure_of_post(CURLcode code, const char* reason) {
  const std::string why = reason[0] == '\0' ? curl_easy_strerror(code) : reason;
  return {code == CURLE_OPERATION_TIMEDOUT ? FailureKind::timeout : FailureKind::transport, why};
}

}  // namespace

class Post::Handles {
 public:
  Handles() {
    if (!multi || !easy || !headers) throw std::bad_alloc();
  }

  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi{curl_multi_init(),
                                                              &curl_multi_cleanup};
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers{
      curl_slist_append(nullptr, "Content-Type: text/plain; charset=utf-8"), &curl_slist_free_all};
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy{curl_easy_init(),
                                                           &curl_easy_cleanup};  // freed first
  std::array<char, CURL_ERROR_SIZE> reason{};
};

Post::Post(PostOptions options)
    : handles_(std::make_unique<Handles>()), options_(std::move(options)) {}

Post::~Post() = default;

void Post::cancel() {
  const Lock lock(mutex_);
  is_cancelled_ = true;
  curl_multi_wakeup(handles_->multi.get());
}

void Post::prepare(const std::string& url, std::string_view body, PostAnswer& answer) {
  CURL* easy = handles_->easy.get();
  curl_easy_reset(easy);
  handles_->reason[0] = '\0';
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handles_->reason.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Name resolution has a thread of its own; without this, curl waits for it after the time limit.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handles_->headers.get());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_post_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &answer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &ignore_body);
  if (options_.ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file->c_str());
}

bool Post::is_cancelled() {
  const Lock lock(mutex_);
  return is_cancelled_;
}

Result<PostAnswer> Post::send(const std::string& url, std::string_view body) {
  PostAnswer answer;
  CURL* easy = handles_->easy.get();
  CURLM* multi = handles_->multi.get();
  prepare(url, body, answer);
  curl_multi_add_handle(multi, easy);
  int running = 1;
  while (!is_cancelled()) {
    curl_multi_perform(multi, &running);
    if (running == 0) break;
    curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  CURLcode code = CURLE_ABORTED_BY_CALLBACK;
  int left = 0;
  if (const CURLMsg* message = curl_multi_info_read(multi, &left)) code = message->data.result;
  curl_multi_remove_handle(multi, easy);
  if (is_cancelled()) return fail(FailureKind::cancelled, "cancelled");
  if (code != CURLE_OK) return fail(failure_of_post(code, handles_->reason.data()));
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace repopipe
