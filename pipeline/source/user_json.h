// A list of users as a JSON array of strings, read as a stream.
#pragma once

#include "pipeline/job/files.h"
#include "pipeline/source/login_spool.h"
#include "pipeline/source/usernames.h"

namespace repopipe {

// Reads `stream` from its current chunk on.  Reports invalid JSON and entries that are not
// usernames to `check`, and adds the other entries to `spool`.
Status check_user_json(ByteStream& stream, LoginCheck& check, LoginSpool& spool);

}  // namespace repopipe
