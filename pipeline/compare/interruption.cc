#include "pipeline/compare/interruption.h"

#include <sys/eventfd.h>

#include "pipeline/base/open_files.h"

namespace repopipe {

Interruption::Interruption() : handle_(must_open(eventfd(0, EFD_CLOEXEC), "an eventfd")) {}

void Interruption::tell(int signal) {
  int none = 0;
  if (signal_.compare_exchange_strong(none, signal)) eventfd_write(handle_.number(), 1);
}

}  // namespace repopipe
