#include "pipeline/command/authorities.h"

#include <fmt/format.h>

#include "pipeline/base/text.h"
#include "pipeline/job/bind.h"

namespace repopipe {

Result<std::optional<std::filesystem::path>> authorities(
    const std::optional<std::filesystem::path>& own, std::string_view base_url,
    const Environment& environment) {
  if (own) return own;
  if (!equal_ignoring_case(base_url.substr(0, 6), "https:")) return std::nullopt;
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const auto value = environment.variable(name);
    if (!value || value->empty()) continue;
    std::string complaint = complaint_about_certificates(*value);
    if (complaint.empty()) return std::filesystem::absolute(*value);
    return fail(FailureKind::job, fmt::format("the environment variable {} is {}: {}", name,
                                              in_quotes(*value, 300), complaint));
  }
  return std::nullopt;
}

}  // namespace repopipe
