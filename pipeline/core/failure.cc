#include "pipeline/core/failure.h"

#include <array>
#include <cassert>

namespace repopipe {
namespace {

using enum FailureKind;

constexpr std::array kPolicies{
    FailurePolicy{transport, "transport", Fate::retry, ExitCode::unreachable},
    FailurePolicy{timeout, "timeout", Fate::retry, ExitCode::unreachable},
    FailurePolicy{server_error, "server_error", Fate::retry, ExitCode::unreachable},
    FailurePolicy{malformed, "malformed", Fate::fail_user, ExitCode::incomplete},
    FailurePolicy{too_large, "too_large", Fate::fail_user, ExitCode::incomplete},
    FailurePolicy{not_found, "not_found", Fate::fail_user, ExitCode::incomplete},
    FailurePolicy{blocked, "blocked", Fate::fail_user, ExitCode::incomplete},
    FailurePolicy{unexpected_status, "unexpected_status", Fate::fail_user, ExitCode::incomplete},
    FailurePolicy{cancelled, "cancelled", Fate::retry, ExitCode::interrupted},
    FailurePolicy{unreachable, "unreachable", Fate::end_run, ExitCode::unreachable},
    FailurePolicy{job, "job", Fate::end_run, ExitCode::bad_job},
    FailurePolicy{usage, "usage", Fate::end_run, ExitCode::usage},
    FailurePolicy{no_token, "no_token", Fate::end_run, ExitCode::no_token},
    FailurePolicy{output, "output", Fate::end_run, ExitCode::cannot_create},
    FailurePolicy{database, "database", Fate::end_run, ExitCode::database},
    FailurePolicy{overlap, "overlap", Fate::end_run, ExitCode::try_later},
    FailurePolicy{internal, "internal", Fate::end_run, ExitCode::internal},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kPolicies.size(); ++i) {
    if (kPolicies[i].kind != static_cast<FailureKind>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "the table is indexed by kind");

}  // namespace

const FailurePolicy& policy_of(FailureKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  assert(index < kPolicies.size());
  return kPolicies[index];
}

Failure Failure::within(std::string_view noun) const {
  return Failure{kind, std::string(noun) + ": " + message};
}

}  // namespace repopipe
