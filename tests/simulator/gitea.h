// The part of Gitea's API that is served, below /api/v1.  Threading: any thread, except for the
// tokens.
#pragma once

#include <string>

#include "tests/simulator/account.h"
#include "tests/simulator/repository.h"
#include "tests/simulator/request.h"
#include "tests/simulator/response.h"
#include "tests/simulator/source.h"
#include "tests/simulator/tokens.h"

namespace repopipe::simulator {

// Records that a token may not see, but that count in the totals.
enum class HiddenRecords {
  none,
  some,  // all of every 8th account, and every 3rd record of every other 8th
};

// `source` must write records in Gitea's form.
Response gitea_response(const Source& source, Tokens& tokens, HiddenRecords hidden,
                        const Request& request);

// Appends an object with the keys of 2026, of a server in the time zone +02:00.
void append_gitea_repository(std::string& out, const Account& owner, const Repository& repository);

}  // namespace repopipe::simulator
