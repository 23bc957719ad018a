#include "tests/testing/eventually.h"

#include <thread>

namespace repopipe::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenQuestions = 2ms;

}  // namespace

bool eventually(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + kHangs;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(kBetweenQuestions);
  }
  return true;
}

}  // namespace repopipe::testing
