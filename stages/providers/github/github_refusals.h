// What GitHub means by an answer that is no page: the kind of failure, and how long it asks to be
// left alone.  One function a family of statuses; tests/stages/providers/github/github_deck.cc has
// a card for each.
#pragma once

#include <string_view>

#include "pipeline/model/provider.h"

namespace repopipe {

// Of any status that is neither a page, nor unchanged, nor a redirect.  `body` is inflated.
Refusal github_refusal(const Response& response, std::string_view body);

}  // namespace repopipe
