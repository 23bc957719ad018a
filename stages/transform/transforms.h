// The transform stage: functions that a job applies to the records of a page before they are
// stored.
#pragma once

#include <span>

#include "pipeline/model/listing.h"
#include "pipeline/model/transform.h"

namespace repopipe {

// Applies the steps to the page in order.  The ids of removed records are added to
// `Page::dropped_ids`: they are in the list, so they are not missing.  Each step is a row of
// `transforms()`.  Threading: any.
void transform(Page& page, std::span<const TransformStep> steps);

}  // namespace repopipe
