// The transform stage: what a job does to the records of a page before they are stored.
#pragma once

#include <span>

#include "pipeline/model/listing.h"
#include "pipeline/model/transform.h"

namespace repopipe {

// Runs the steps over the page, one after another.  The numbers of records that a step removes
// are in `Page::dropped_ids`: they are on the list, so that they are not missing.  Each step is a
// row of `transforms()`.  Threading: any.
void transform(Page& page, std::span<const TransformStep> steps);

}  // namespace repopipe
