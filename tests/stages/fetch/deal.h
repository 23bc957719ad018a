// Passes a response through parse, to its result.
#pragma once

#include <string>

#include "stages/parse/parse.h"
#include "tests/stages/providers/github/github_deck.h"

namespace repopipe::testing {

// The task that a card responds to.
Task task_for(Asked asked);

// The response is received at kDeckTime from GitHub, below https://ghe.example/api/v3 or
// api.github.com.
TaskResult deal(Asked asked, Response response);

Response response_of(const Card& card);

// In the form of Card::outcome.
std::string outcome_of(const TaskResult& task_result);

}  // namespace repopipe::testing
