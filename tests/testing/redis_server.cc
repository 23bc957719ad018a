#include "tests/testing/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace repopipe::testing {
namespace {

// Below the ephemeral ports, so that no connection takes the port while the server is down.
constexpr int kFirstPort = 16'400;
constexpr int kLastPort = 32'000;
constexpr int kTries = 100;

struct Free {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Connection = std::unique_ptr<redisContext, Free>;
using Reply = std::unique_ptr<redisReply, Free>;

bool is_free(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int bound = bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  close(probe);
  return bound == 0;
}

int free_port() {
  std::random_device random;
  std::uniform_int_distribution<int> any(kFirstPort, kLastPort);
  for (int i = 0; i < kTries; ++i) {
    if (const int port = any(random); is_free(port)) return port;
  }
  throw std::runtime_error("no free port for redis-server");
}

Reply command(redisContext* context, const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  return Reply(static_cast<redisReply*>(
      redisCommandArgv(context, static_cast<int>(words.size()), texts.data(), lengths.data())));
}

void flatten(const redisReply& reply, std::vector<std::string>& texts) {
  if (reply.type == REDIS_REPLY_ARRAY) {
    for (std::size_t i = 0; i < reply.elements; ++i) flatten(*reply.element[i], texts);
  } else if (reply.type == REDIS_REPLY_INTEGER) {
    texts.push_back(std::to_string(reply.integer));
  } else {
    texts.emplace_back(reply.str == nullptr ? "" : reply.str, reply.len);
  }
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> options) : options_(std::move(options)) {
  const auto asks = std::ranges::find(options_, "--requirepass");
  if (asks != options_.end()) password_ = *std::next(asks);
  std::string name = (std::filesystem::temp_directory_path() / "redis-test-XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  for (int i = 0; i < kTries; ++i) {
    port_ = free_port();
    if (start_once()) return;
  }
  throw std::runtime_error("redis-server does not start: is it installed?");
}

RedisServer::~RedisServer() {
  kill();
  std::filesystem::remove_all(folder_);
}

std::string RedisServer::url(const std::string& behind) const {
  return "redis://127.0.0.1:" + std::to_string(port_) + behind;
}

void RedisServer::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  close(std::exchange(handle_, -1));
  pid_ = -1;
}

void RedisServer::start() {
  if (!start_once()) throw std::runtime_error("redis-server does not start again");
}

void RedisServer::pause() const {
  ::kill(pid_, SIGSTOP);
}

void RedisServer::go_on() const {
  ::kill(pid_, SIGCONT);
}

// False: it ended before it responded, perhaps because the port is in use.
bool RedisServer::start_once() {
  std::vector<std::string> words{"redis-server",        "--bind", "127.0.0.1",     "--port",
                                 std::to_string(port_), "--dir",  folder_.string()};
  words.insert(words.end(), {"--save", "", "--appendfsync", "always"});
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const int failed =
      posix_spawnp(&pid_, words.front().c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("there is no redis-server");
  handle_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd end{handle_, POLLIN, 0};
  while (!answers()) {
    if (poll(&end, 1, 5) == 0) continue;
    kill();
    return false;
  }
  return true;
}

bool RedisServer::answers() const {
  const Connection connection(redisConnect("127.0.0.1", port_));
  if (!connection || connection->err != 0) return false;
  const Reply pong = command(connection.get(), {"PING"});
  if (!pong) return false;
  const std::string_view text(pong->str, pong->len);
  return text == "PONG" || text.starts_with("NOAUTH");
}

std::vector<std::string> RedisServer::ask(const std::vector<std::string>& words) const {
  const Connection connection(redisConnect("127.0.0.1", port_));
  if (!connection || connection->err != 0) throw std::runtime_error("redis-server is not there");
  if (!password_.empty()) command(connection.get(), {"AUTH", password_});
  const Reply reply = command(connection.get(), words);
  if (!reply) throw std::runtime_error("redis-server does not answer");
  std::vector<std::string> texts;
  flatten(*reply, texts);
  return texts;
}

std::string RedisServer::ask_one(const std::vector<std::string>& words) const {
  return ask(words).at(0);
}

long RedisServer::keys() const {
  const std::string info = ask_one({"INFO", "keyspace"});
  long keys = 0;
  constexpr std::string_view kKeys = "keys=";
  for (auto at = info.find(kKeys); at != info.npos; at = info.find(kKeys, at + 1)) {
    keys += std::stol(info.substr(at + kKeys.size()));
  }
  return keys;
}

}  // namespace repopipe::testing
