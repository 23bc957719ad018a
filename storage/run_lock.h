// Lets one run at a time have a database.  The lock belongs to the process, not to a file that
// could be left behind: the system takes it back however the process ends (flock(2)).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "pipeline/core/descriptor.h"
#include "pipeline/core/result.h"

namespace repopipe {

enum class WhenLocked { fail, wait };

// Held until destroyed.  The file DATABASE-lock it lies on stays, and means nothing by itself.
class RunLock {
 public:
  // One for all names that lead to the file.  A lock that another run holds is a failure of kind
  // `overlap`, or is waited for; then `told` gets a line before.
  static Result<RunLock> acquire(const std::filesystem::path& database, WhenLocked when_locked,
                                 const std::function<void(const std::string&)>& told = {});

 private:
  explicit RunLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace repopipe
