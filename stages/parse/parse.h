// The parse stage: what a response means, and the records in its body.  Pure CPU, a plain function.
#pragma once

#include <memory>

#include "pipeline/base/units.h"
#include "pipeline/model/pending_task.h"
#include "pipeline/model/provider.h"
#include "stages/parse/inflate.h"

namespace repopipe {

// What one call at a time may use, again and again.
struct ParseScratch {
  ParseScratch();
  ~ParseScratch();

  Inflater inflater;
  std::unique_ptr<JsonScratch> json;
};

// Threading: any, with a scratch of its own for each call under way.
// Failures are in the task result, which lacks the task; the exchange is described in it whatever
// became of it.
TaskResult parse_response(const Fetched& fetched, const Protocol& protocol, Bytes max_body,
                          const Clock& clock, ParseScratch& scratch);

}  // namespace repopipe
