#include "pipeline/compare/cancel_token.h"

#include <sys/eventfd.h>

#include "pipeline/base/system.h"

namespace repopipe {

CancelToken::CancelToken() : handle_(must_open(eventfd(0, EFD_CLOEXEC), "an eventfd")) {}

void CancelToken::tell(int signal) {
  int none = 0;
  if (signal_.compare_exchange_strong(none, signal)) eventfd_write(handle_.number(), 1);
}

}  // namespace repopipe
