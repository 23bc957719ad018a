// Classifies GitHub's error responses: the kind of failure and the wait.  One function per group of
// statuses; tests/stages/providers/github/github_deck.cc has a test for each.
#pragma once

#include <string_view>

#include "pipeline/model/provider.h"

namespace repopipe {

// For any status that is no page, not 304 and no redirect.
Refusal github_refusal(const Response& response, const ErrorBody& body);

}  // namespace repopipe
