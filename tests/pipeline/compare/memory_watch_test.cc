#include "pipeline/compare/memory_watch.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace repopipe {
namespace {

constexpr std::size_t kMuch = 128U << 20;
// Half of it: of the pages shared with other processes of this program a process counts its part,
// and those come and go.
constexpr std::size_t kSeen = kMuch / 2;

// Memory that is there, not only promised.
class Filled {
 public:
  Filled() : at_(mmap(nullptr, kMuch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    std::memset(at_, 1, kMuch);
  }
  ~Filled() { munmap(at_, kMuch); }
  Filled(const Filled&) = delete;
  Filled& operator=(const Filled&) = delete;

 private:
  void* at_;
};

TEST(MemoryWatch, SeesWhatAProcessUses) {
  const std::array self{getpid()};
  const Bytes before = memory_of(self);
  EXPECT_GT(before.count, 0U);
  const Filled filled;
  EXPECT_GE(memory_of(self).count, before.count + kSeen);
}

TEST(MemoryWatch, AProcessThatIsNotThereUsesNothing) {
  const std::array nobody{pid_t{0x3fffffff}};
  EXPECT_EQ(memory_of(nobody), Bytes{});
}

// A child that fills its memory, says so, and waits until it is let go.
class FillingChild {
 public:
  FillingChild() {
    std::array<int, 2> filled{}, go{};
    EXPECT_EQ(pipe(filled.data()) + pipe(go.data()), 0);
    pid_ = fork();
    if (pid_ == 0) {
      const Filled memory;
      char byte = 0;
      close(go[1]);
      _exit(write(filled[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(filled[1]);
    close(go[0]);
    char byte = 0;
    EXPECT_EQ(read(filled[0], &byte, 1), 1);
    close(filled[0]);
    go_ = go[1];
  }
  ~FillingChild() {
    close(go_);
    waitpid(pid_, nullptr, 0);
  }
  FillingChild(const FillingChild&) = delete;
  FillingChild& operator=(const FillingChild&) = delete;

 private:
  pid_t pid_ = -1;
  int go_ = -1;
};

TEST(MemoryWatch, CountsTheChildrenToo) {
  const std::array self{getpid()};
  const Bytes before = memory_of(self);
  const FillingChild child;
  EXPECT_GE(memory_of(self).count, before.count + kSeen);
}

TEST(MemoryWatch, LooksOnceAtLeast) {
  const Filled filled;
  MemoryWatch watch({getpid()});
  const MemoryWatch::Peak peak = watch.stop();
  EXPECT_GE(peak.samples, 1);
  EXPECT_GE(peak.memory.count, kMuch * 9 / 10);
}

}  // namespace
}  // namespace repopipe
