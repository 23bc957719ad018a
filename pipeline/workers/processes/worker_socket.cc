#include "pipeline/workers/processes/worker_socket.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace repopipe {
namespace {

constexpr std::size_t kChunk = 256UL << 10;

}  // namespace

void WorkerSocket::add(std::string_view message) {
  append_frame(out_, message);
}

void WorkerSocket::send(std::string_view message) {
  add(message);
  flush();
}

void WorkerSocket::flush() {
  while (sent_ < out_.size()) {
    const auto sent =
        ::send(socket_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) break;
    sent_ += static_cast<std::size_t>(sent);
  }
  if (sent_ < out_.size()) return;
  out_.clear();
  sent_ = 0;
}

Result<std::vector<std::string>> WorkerSocket::receive() {
  static thread_local std::array<char, kChunk> chunk;
  const auto got = recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
  is_quiet_ = got <= 0;
  is_over_ = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  if (got > 0) in_.add({chunk.data(), static_cast<std::size_t>(got)});
  std::vector<std::string> messages;
  while (true) {
    const auto message = in_.next();
    if (!message) return fail(message.error());
    if (!*message) return messages;
    messages.emplace_back(**message);
  }
}

}  // namespace repopipe
