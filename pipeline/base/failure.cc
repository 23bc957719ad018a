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
    FailurePolicy{bad_token, "bad_token", Fate::disable, Scope::principal, ExitCode::no_token},
    FailurePolicy{rate_limited, "rate_limited", Fate::wait, Scope::principal, ExitCode::try_later},
    FailurePolicy{throttled, "throttled", Fate::wait, Scope::everybody, ExitCode::try_later},
    FailurePolicy{unexpected_status, "unexpected_status", Fate::fail_user, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{cancelled, "cancelled", Fate::retry, Scope::request, ExitCode::interrupted},
    FailurePolicy{worker_lost, "worker_lost", Fate::resend, Scope::request, ExitCode::internal},
    FailurePolicy{worker_crashed, "worker_crashed", Fate::resend, Scope::request,
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
    FailurePolicy{disk, "disk", Fate::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{damaged, "damaged", Fate::end_run, Scope::everybody, ExitCode::database},
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

std::string_view remedy_of(FailureKind kind) {
  if (kind == disk) {
    return "free space on the disk of the database, or look at what is wrong with it; then run it "
           "again: what is stored is not asked again";
  }
  if (kind == damaged) {
    return "the file of the database is damaged, or another program has changed it: restore a "
           "copy of it, or move it away and save what can be read: sqlite3 FILE .recover | sqlite3 "
           "NEW";
  }
  return {};
}

std::string with_remedy(const Failure& failure) {
  const std::string_view remedy = remedy_of(failure.kind);
  return remedy.empty() ? failure.message : failure.message + "; " + std::string(remedy);
}

Failure Failure::within(std::string_view noun) const {
  return Failure{kind, std::string(noun) + ": " + message};
}

}  // namespace repopipe
