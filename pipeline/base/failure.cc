#include "pipeline/base/failure.h"

#include <array>
#include <cassert>

namespace repopipe {
namespace {

using enum FailureKind;

constexpr std::array kPolicies{
    FailurePolicy{connect, "connect", Fate::retry, Scope::everybody, ExitCode::unreachable},
    FailurePolicy{transport, "transport", Fate::retry, Scope::request, ExitCode::unreachable},
    FailurePolicy{timeout, "timeout", Fate::retry, Scope::request, ExitCode::unreachable},
    FailurePolicy{server_error, "server_error", Fate::retry, Scope::request, ExitCode::unreachable},
    FailurePolicy{malformed, "malformed", Fate::retry, Scope::request, ExitCode::incomplete},
    FailurePolicy{incomplete_list, "incomplete_list", Fate::retry, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{bad_record, "bad_record", Fate::fail_user, Scope::request, ExitCode::incomplete},
    FailurePolicy{too_large, "too_large", Fate::fail_user, Scope::request, ExitCode::incomplete},
    FailurePolicy{not_found, "not_found", Fate::retry_once, Scope::request, ExitCode::incomplete},
    FailurePolicy{hidden, "hidden", Fate::fail_user, Scope::request, ExitCode::incomplete},
    FailurePolicy{blocked, "blocked", Fate::fail_user, Scope::request, ExitCode::incomplete},
    FailurePolicy{unauthorized, "unauthorized", Fate::retry_once, Scope::principal,
                  ExitCode::no_token},
    FailurePolicy{bad_token, "bad_token", Fate::bench, Scope::principal, ExitCode::no_token},
    FailurePolicy{rate_limited, "rate_limited", Fate::wait, Scope::principal, ExitCode::try_later},
    FailurePolicy{throttled, "throttled", Fate::wait, Scope::everybody, ExitCode::try_later},
    FailurePolicy{unexpected_status, "unexpected_status", Fate::fail_user, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{cancelled, "cancelled", Fate::retry, Scope::request, ExitCode::interrupted},
    FailurePolicy{worker_lost, "worker_lost", Fate::reissue, Scope::request, ExitCode::internal},
    FailurePolicy{worker_crashed, "worker_crashed", Fate::reissue, Scope::request,
                  ExitCode::internal},
    FailurePolicy{queue, "queue", Fate::wait, Scope::everybody, ExitCode::unreachable},
    FailurePolicy{unreachable, "unreachable", Fate::end_run, Scope::everybody,
                  ExitCode::unreachable},
    FailurePolicy{proxy_login, "proxy_login", Fate::end_run, Scope::everybody,
                  ExitCode::unreachable},
    FailurePolicy{retired, "retired", Fate::end_run, Scope::everybody, ExitCode::unreachable},
    FailurePolicy{limit, "limit", Fate::end_run, Scope::everybody, ExitCode::try_later},
    FailurePolicy{job, "job", Fate::end_run, Scope::everybody, ExitCode::bad_job},
    FailurePolicy{usage, "usage", Fate::end_run, Scope::everybody, ExitCode::usage},
    FailurePolicy{no_token, "no_token", Fate::end_run, Scope::everybody, ExitCode::no_token},
    FailurePolicy{output, "output", Fate::end_run, Scope::everybody, ExitCode::cannot_create},
    FailurePolicy{database, "database", Fate::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{displaced, "displaced", Fate::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{overlap, "overlap", Fate::end_run, Scope::everybody, ExitCode::try_later},
    FailurePolicy{machine_limit, "machine_limit", Fate::end_run, Scope::everybody,
                  ExitCode::machine_limit},
    FailurePolicy{internal, "internal", Fate::end_run, Scope::everybody, ExitCode::internal},
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
