// The part of the API of Gitea that is served here, below /api/v1.  Threading: pure functions, any
// thread, but for the tokens.
#pragma once

#include <string>

#include "tests/simulator/account.h"
#include "tests/simulator/repository.h"
#include "tests/simulator/request.h"
#include "tests/simulator/response.h"
#include "tests/simulator/source.h"
#include "tests/simulator/tokens.h"

namespace repopipe::simulator {

// What a token may not see, and the totals count all the same.
enum class HiddenRecords {
  none,
  some,  // all of every 8th account, and every 3rd record of every other 8th
};

// `source` writes its records as Gitea does.
Response gitea_response(const Source& source, Tokens& tokens, HiddenRecords hidden,
                        const Request& request);

// Appends one object with the keys of 2026, of a server whose zone is +02:00.
void append_gitea_repository(std::string& out, const Account& owner, const Repository& repository);

}  // namespace repopipe::simulator
