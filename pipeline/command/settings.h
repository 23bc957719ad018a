// Conversion of a job's settings to those of the components.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/job/job.h"
#include "pipeline/plan/plan.h"

namespace repopipe {
// The certificate authorities: `own` (provider.ca_file or --ca-file), else the file of
// CURL_CA_BUNDLE, else that of SSL_CERT_FILE, as in curl(1); nothing: those of the system.  An
// empty variable counts as unset.  A failure is of kind `job`: the file of a variable has no
// certificate, and `base_url` needs one.
Result<std::optional<std::filesystem::path>> authorities(
    const std::optional<std::filesystem::path>& own, std::string_view base_url,
    const Environment& environment);

// `before`: totals of earlier parts of the run; `start`: start of this part.
PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start);

}  // namespace repopipe
