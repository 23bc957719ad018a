// The JSON Schema (draft-07) of a job file, for editors.  Written from the table of keys; committed
// as configs/job.schema.json.
#pragma once

#include <string>

namespace repopipe {

// It accepts every job file that the parser accepts.  Only the parser refuses: ranges of durations
// and sizes, `8.0` for a whole number, a repeated key, YAML's own rules, missing files and
// variables, a job without users, a provider's rules for usernames and addresses.
std::string job_schema();

}  // namespace repopipe
