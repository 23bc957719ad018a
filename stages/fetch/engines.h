// The fetch engines.  A new one is a file beside these two and a function here.
#pragma once

#include <memory>

#include "pipeline/model/interfaces.h"
#include "stages/fetch/http_options.h"

namespace repopipe {

// One thread for all exchanges.  `clock` must outlive the engine.
std::unique_ptr<HttpClient> make_event_loop_engine(HttpOptions options, const Clock& clock);

// A thread an exchange.  `clock` must outlive the engine.
std::unique_ptr<HttpClient> make_threads_engine(HttpOptions options, const Clock& clock);

}  // namespace repopipe
