#include "tests/e2e/gated_api.h"

#include <algorithm>
#include <functional>

namespace repopipe::e2e {
namespace {

// Of "GET /users/octocat/repos?... HTTP/1.1".
std::string login_of(const std::string& head) {
  constexpr std::string_view kBefore = "/users/";
  const std::size_t begin = head.find(kBefore) + kBefore.size();
  return head.substr(begin, head.find('/', begin) - begin);
}

}  // namespace

std::string short_page(const std::string& login) {
  const std::string id = std::to_string(std::hash<std::string>{}(login) % 1'000'000'007);
  return R"([{"id":)" + id + R"(,"name":"hello","full_name":")" + login +
         R"(/hello","owner":{"id":)" + id + R"(,"login":")" + login +
         R"(","type":"User"},"stargazers_count":1}])";
}

GatedApi::GatedApi(int free)
    : free_(free), server_([this](const std::string& head) { return answer(head); }) {}

GatedApi::~GatedApi() {
  open();
}

void GatedApi::wait_until_held(int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_ >= count; });
}

void GatedApi::release() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  changed_.notify_all();
}

void GatedApi::open() {
  const std::lock_guard lock(mutex_);
  is_open_ = true;
  changed_.notify_all();
}

void GatedApi::hold() {
  const std::lock_guard lock(mutex_);
  free_ = 0;
  is_open_ = false;
}

int GatedApi::most_held() const {
  const std::lock_guard lock(mutex_);
  return most_held_;
}

std::map<std::string, int> GatedApi::asked() const {
  std::map<std::string, int> counts;
  for (const std::string& head : server_.requests()) ++counts[login_of(head)];
  return counts;
}

std::string GatedApi::answer(const std::string& head) {
  std::unique_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
  } else if (!is_open_) {
    most_held_ = std::max(most_held_, ++held_);
    changed_.notify_all();
    changed_.wait(lock, [this, from = generation_] { return is_open_ || generation_ > from; });
    --held_;
  }
  return repopipe::testing::response("200 OK", "Content-Type: application/json\r\n",
                                     short_page(login_of(head)));
}

}  // namespace repopipe::e2e
