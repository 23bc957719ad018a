// How many files this process may have open: connections, databases and pipes are files too.
#pragma once

#include <cstddef>
#include <string_view>

#include "pipeline/base/descriptor.h"
#include "pipeline/base/result.h"

namespace repopipe {

// Raises the soft limit to the hard one, or to as many as any job can use.  Call it before all
// else.
void raise_open_files();

// The soft limit.
std::size_t open_files_allowed();

// Of kind `machine_limit` where not even the program's own files can be open.
Status check_open_files(std::size_t allowed);

// Of `wanted` connections at a time, those for which the limit has room; at least one.
int connections_within(int wanted, std::size_t allowed);

// Owns what a system call has opened.  Throws Thrown of kind `machine_limit` if it failed; errno
// must still be that of the call.
Descriptor must_open(int number, std::string_view what);

}  // namespace repopipe
