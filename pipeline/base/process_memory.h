// What a process uses, as Linux tells it (proc(5)).
#pragma once

#include <sys/types.h>

#include "pipeline/base/units.h"

namespace repopipe {

// Resident; 0 when it cannot be told.
Bytes resident_memory(pid_t process);

}  // namespace repopipe
