// What a unit of packaging/systemd allows its processes, and what a traced program did.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/process.h"

namespace repopipe::e2e {

// The files of packaging/systemd with that ending.
std::vector<std::filesystem::path> unit_files(const std::string& ending);

// The restrictions that systemd enforces for each system call (systemd.exec(5)).
class UnitSandbox {
 public:
  // Reads SystemCallFilter= and RestrictAddressFamilies=; `systemd-analyze syscall-filter` expands
  // groups of calls.
  explicit UnitSandbox(const std::filesystem::path& unit);

  // The calls in an output of `strace -f -o` that the unit would refuse, by name; "AF_X" for a
  // refused family of sockets, "PROT_EXEC" for memory that MemoryDenyWriteExecute= refuses.
  std::set<std::string> refused(const std::filesystem::path& trace) const;

 private:
  std::set<std::string> calls_;
  std::set<std::string> families_;
};

// `program` under strace, as the unit's user: not as root.  The trace goes to `trace`; the
// program's folder and `trace` become that user's.
Program traced(Program program, const std::filesystem::path& trace);

}  // namespace repopipe::e2e
