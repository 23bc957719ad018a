#include "pipeline/compare/interruption.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace repopipe {

Interruption::Interruption() : handle_(eventfd(0, EFD_CLOEXEC)) {}

Interruption::~Interruption() {
  close(handle_);
}

void Interruption::tell(int signal) {
  int none = 0;
  if (signal_.compare_exchange_strong(none, signal)) eventfd_write(handle_, 1);
}

}  // namespace repopipe
