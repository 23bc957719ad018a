#include "pipeline/base/process_memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>

namespace repopipe {

Bytes resident_memory(pid_t process) {
  std::ifstream pages(fmt::format("/proc/{}/statm", process));
  std::uint64_t all = 0;
  std::uint64_t here = 0;
  if (!(pages >> all >> here)) return {};
  return {here * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

}  // namespace repopipe
