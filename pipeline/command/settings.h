// Which certificate authorities are trusted.
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
// `own`, from provider.ca_file or --ca-file; else the file of CURL_CA_BUNDLE, else that of
// SSL_CERT_FILE, as curl(1) has it; nothing: the system's.  A variable that is empty counts as
// unset.  A failure is of kind `job`: the file of a variable holds no certificate, and `base_url`
// needs one.
Result<std::optional<std::filesystem::path>> authorities(
    const std::optional<std::filesystem::path>& own, std::string_view base_url,
    const Environment& environment);

// What a job's settings mean for the parts of a run.

// `before` is what an interrupted part of the run has settled; `start` is when this part began.
PlanOptions plan_options(const Job& job, std::vector<Principal> principals, const RunTotals& before,
                         Time start);

}  // namespace repopipe
