// Deals a response to a provider: the whole way from what came over the wire to a task result.
#pragma once

#include <string>

#include "stages/parse/parse.h"
#include "tests/stages/providers/github/github_deck.h"

namespace repopipe::testing {

// The task that a card answers.
Task task_for(Asked asked);

// Received at kDeckTime from GitHub, below https://ghe.example/api/v3 or api.github.com.
TaskResult deal(Asked asked, Response response);

Response response_of(const Card& card);

// In the words of Card::outcome.
std::string outcome_of(const TaskResult& task_result);

}  // namespace repopipe::testing
