#include "storage/sqlite/lock_holder.h"

#include <fmt/format.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <sstream>

#include "pipeline/base/units.h"

namespace repopipe {
namespace {

// When the machine was started, in seconds since 1970.
std::optional<std::int64_t> boot_time() {
  std::ifstream stat("/proc/stat");
  for (std::string line; std::getline(stat, line);) {
    if (line.starts_with("btime ")) return std::stoll(line.substr(6));
  }
  return std::nullopt;
}

// The 22nd field counts ticks since then.  The name before may hold anything, blanks included.
std::optional<std::int64_t> start_of(int process) {
  constexpr int kFieldsBetween = 19;
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text);
  const auto boot = boot_time();
  const std::size_t name_end = text.rfind(')');
  if (!boot || name_end == text.npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> field;
  std::int64_t ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return *boot + ticks / sysconf(_SC_CLK_TCK);
}

// "1: FLOCK  ADVISORY  WRITE 123 08:01:4567 0 EOF"; one that waits has "->" behind the number.
std::optional<int> process_in(const std::string& line, const struct stat& file) {
  std::istringstream fields(line);
  std::string number, kind, mode, access, place;
  int process = 0;
  if (!(fields >> number >> kind >> mode >> access >> process >> place)) return std::nullopt;
  const std::string wanted =
      fmt::format("{:02x}:{:02x}:{}", major(file.st_dev), minor(file.st_dev), file.st_ino);
  return kind == "FLOCK" && place == wanted && process > 0 ? std::optional(process) : std::nullopt;
}

}  // namespace

std::string lock_holder(const struct stat& file) {
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    const auto process = process_in(line, file);
    if (!process) continue;
    const auto start = start_of(*process);
    if (!start) return fmt::format("process {}", *process);
    const std::string begun = to_iso8601(WallTime(std::chrono::seconds(*start)));
    return fmt::format("process {}, begun {}Z", *process, begun.substr(0, begun.find('.')));
  }
  return {};
}

}  // namespace repopipe
