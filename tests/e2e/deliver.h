// Signals of which a test must know that the program has taken them.
#pragma once

#include "tests/e2e/process.h"

namespace repopipe::e2e {

// Returns when the program handles the signal, which would kill it before, or has ended.
void wait_until_watched(Process& process, int signal);
// Returns once the program has taken the signal, or has ended.
void deliver(Process& process, int signal);

}  // namespace repopipe::e2e
