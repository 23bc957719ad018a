#include "stages/fetch/engines.h"

#include "stages/fetch/event_loop_engine.h"
#include "stages/fetch/threads_engine.h"

namespace repopipe {

std::unique_ptr<HttpClient> make_event_loop_engine(HttpOptions options, const Clock& clock) {
  return std::make_unique<EventLoopEngine>(std::move(options), clock);
}

std::unique_ptr<HttpClient> make_threads_engine(HttpOptions options, const Clock& clock) {
  return std::make_unique<ThreadsEngine>(std::move(options), clock);
}

}  // namespace repopipe
