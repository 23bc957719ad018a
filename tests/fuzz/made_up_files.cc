#include "tests/fuzz/made_up_files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <map>

#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

// open() is a function of C: what it serves can stand nowhere but beside it.
std::map<std::string, std::string, std::less<>>& files() {
  static std::map<std::string, std::string, std::less<>> all;
  return all;
}

int memory_file(std::string_view text) {
  const int descriptor = ::memfd_create("fuzz", MFD_CLOEXEC);
  require(descriptor >= 0, "there is memory for a file");
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  require(written == static_cast<ssize_t>(text.size()), "a file in memory takes all");
  ::lseek(descriptor, 0, SEEK_SET);
  return descriptor;
}

}  // namespace

void put_file(const std::string& path, std::string_view text) {
  files()[path] = text;
}

Descriptor opened(std::string_view text) {
  return Descriptor(memory_file(text));
}

}  // namespace repopipe::fuzz

// The names for `ld --wrap`, and the variants of open and mkostemp for file offsets of 64 bits.
extern "C" {

int __wrap_open64(const char* path, int, ...) {
  const auto& all = repopipe::fuzz::files();
  const auto found = all.find(std::string_view(path));
  if (found != all.end()) return repopipe::fuzz::memory_file(found->second);
  errno = ENOENT;
  return -1;
}

int __wrap_mkostemp64(char*, int) {
  return repopipe::fuzz::memory_file({});
}

}  // extern "C"
