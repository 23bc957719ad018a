// repopipe (pipeline/main.cc) with a failing disk: REPOPIPE_TEST_FAULT is "once:3" for the third
// operation of SQLite alone, "on:3" for all from the third on. When it fails, the file that
// REPOPIPE_TEST_STRUCK names is created.
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/storage/fault_vfs.h"

namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class FaultyDisk {
 public:
  FaultyDisk() {
    const std::string order = variable("REPOPIPE_TEST_FAULT");
    const auto extent =
        order.starts_with("once") ? repopipe::Extent::once : repopipe::Extent::from_then_on;
    faults_.arm(std::stoi(order.substr(order.find(':') + 1)), extent);
  }
  ~FaultyDisk() {
    if (faults_.struck()) std::ofstream(variable("REPOPIPE_TEST_STRUCK")) << "struck\n";
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

 private:
  repopipe::FaultVfs faults_;
};

const FaultyDisk disk;

}  // namespace
