// The parse stage: classifies a response and reads the records of its body.  No I/O.
#pragma once

#include <memory>

#include "pipeline/base/units.h"
#include "pipeline/model/pending_task.h"
#include "pipeline/model/provider.h"
#include "stages/parse/inflate.h"

namespace repopipe {

// Buffers that are reused between calls.
struct ParseScratch {
  ParseScratch();
  ~ParseScratch();

  Inflater inflater;
  std::unique_ptr<JsonScratch> json;
};

// Threading: any, with one scratch per concurrent call. A failure is in the result.  The result
// lacks the task; its log is always set.
TaskResult parse_response(const FetchResult& fetched, const Protocol& protocol, Bytes max_body,
                          const Clock& clock, ParseScratch& scratch);

}  // namespace repopipe
