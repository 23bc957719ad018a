// The program itself (pipeline/main.cc is part of it as it is), except that it lacks something:
// REPOPIPE_TEST_LACK is "memory:7" for the seventh allocation by `new`, "tbb:7" for the seventh of
// TBB alone, "thread:2" for the start of the second thread, and "threads:2" for all from the second
// on.  Its worker processes lack nothing.  If it has come to that, the file that
// REPOPIPE_TEST_STRUCK names is there at the end.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#define main repopipe_main
#include "pipeline/main.cc"  // NOLINT(bugprone-suspicious-include)
#undef main

namespace {

// Which one fails; 0: none.
std::atomic<long> allocation{0};
std::atomic<long> tbb_allocation{0};
std::atomic<long> thread_start{0};
bool all_threads_from_then_on = false;
const char* struck = nullptr;

void strike() {
  if (struck != nullptr) close(open(struck, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

bool is_its_turn(std::atomic<long>& left) {
  if (left.load(std::memory_order_relaxed) <= 0) return false;
  return left.fetch_sub(1) == 1;
}

bool is_for_tbb(void* caller) {
  Dl_info library{};
  return dladdr(caller, &library) != 0 && library.dli_fname != nullptr &&
         std::string_view(library.dli_fname).find("libtbb") != std::string_view::npos;
}

std::atomic<long>& number_of(std::string_view lack) {
  if (lack.starts_with("thread")) return thread_start;
  return lack.starts_with("tbb") ? tbb_allocation : allocation;
}

void arm() {
  const char* const lack = std::getenv("REPOPIPE_TEST_LACK");
  struck = std::getenv("REPOPIPE_TEST_STRUCK");
  if (lack == nullptr) return;
  const std::string_view words(lack);
  const long number = std::strtol(words.substr(words.find(':') + 1).data(), nullptr, 10);
  all_threads_from_then_on = words.starts_with("threads");
  number_of(words) = number;
  unsetenv("REPOPIPE_TEST_LACK");
}

}  // namespace

void* operator new(std::size_t size) {
  if (is_its_turn(allocation)) {
    strike();
    throw std::bad_alloc();
  }
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// TBB allocates an array when it starts a thread.
void* operator new[](std::size_t size) {
  if (tbb_allocation > 0 && is_for_tbb(__builtin_return_address(0)) &&
      is_its_turn(tbb_allocation)) {
    strike();
    throw std::bad_alloc();
  }
  return operator new(size);
}

void operator delete[](void* memory) noexcept {
  std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

// Replaces the function of the library.  TBB does not survive the failure, so a run checks before
// (pipeline/workers/local/local_executor.cc) that its threads can be started.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*body)(void*), void* argument) {
  static const auto real =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  if (!is_for_tbb(__builtin_return_address(0)) && is_its_turn(thread_start)) {
    if (all_threads_from_then_on) thread_start = 1;
    strike();
    return EAGAIN;
  }
  return real(thread, attributes, body, argument);
}

int main(int argc, char** argv) {
  arm();
  return repopipe_main(argc, argv);
}
