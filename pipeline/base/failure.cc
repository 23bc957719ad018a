#include "pipeline/base/failure.h"

#include <array>
#include <cassert>

namespace repopipe {
namespace {

constexpr std::array kExitCodes{
    ExitCodeMeaning{ExitCode::complete, "complete"},
    ExitCodeMeaning{ExitCode::usage, "wrong command line"},
    ExitCodeMeaning{ExitCode::incomplete,
                    "finished, but more users failed or vanished than run allows, or compare found "
                    "that databases differ"},
    ExitCodeMeaning{ExitCode::unreachable, "the API, or the queue, could not be reached"},
    ExitCodeMeaning{ExitCode::internal, "internal error"},
    ExitCodeMeaning{ExitCode::machine_limit,
                    "a limit of this machine: open files, threads or memory"},
    ExitCodeMeaning{ExitCode::cannot_create, "the database cannot be opened or created"},
    ExitCodeMeaning{
        ExitCode::database,
        "database I/O error, a full disk included; or output that was asked for cannot be written"},
    ExitCodeMeaning{ExitCode::try_later,
                    "try later: another run holds the lock, the deadline came, or a limit would "
                    "take too long"},
    ExitCodeMeaning{ExitCode::no_token, "no valid token"},
    ExitCodeMeaning{ExitCode::bad_job, "bad job file"},
    ExitCodeMeaning{ExitCode::interrupted, "interrupted (SIGINT)"},
    ExitCodeMeaning{ExitCode::terminated, "terminated (SIGTERM or SIGHUP)"},
};

}  // namespace

std::span<const ExitCodeMeaning> exit_codes() {
  return kExitCodes;
}

namespace {

using enum FailureKind;

constexpr std::array kPolicies{
    FailurePolicy{connect, "connect", RetryRule::retry, Scope::everybody, ExitCode::unreachable},
    FailurePolicy{transport, "transport", RetryRule::retry, Scope::request, ExitCode::unreachable},
    FailurePolicy{timeout, "timeout", RetryRule::retry, Scope::request, ExitCode::unreachable},
    FailurePolicy{server_error, "server_error", RetryRule::retry, Scope::request,
                  ExitCode::unreachable},
    FailurePolicy{malformed, "malformed", RetryRule::retry, Scope::request, ExitCode::incomplete},
    FailurePolicy{incomplete_list, "incomplete_list", RetryRule::retry, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{bad_record, "bad_record", RetryRule::fail_user, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{too_large, "too_large", RetryRule::fail_user, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{not_found, "not_found", RetryRule::retry_once, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{hidden, "hidden", RetryRule::fail_user, Scope::request, ExitCode::incomplete},
    FailurePolicy{blocked, "blocked", RetryRule::fail_user, Scope::request, ExitCode::incomplete},
    FailurePolicy{unauthorized, "unauthorized", RetryRule::retry_once, Scope::principal,
                  ExitCode::no_token},
    FailurePolicy{bad_token, "bad_token", RetryRule::disable, Scope::principal, ExitCode::no_token},
    FailurePolicy{rate_limited, "rate_limited", RetryRule::wait, Scope::principal,
                  ExitCode::try_later},
    FailurePolicy{throttled, "throttled", RetryRule::wait, Scope::everybody, ExitCode::try_later},
    FailurePolicy{unexpected_status, "unexpected_status", RetryRule::fail_user, Scope::request,
                  ExitCode::incomplete},
    FailurePolicy{cancelled, "cancelled", RetryRule::retry, Scope::request, ExitCode::interrupted},
    FailurePolicy{worker_lost, "worker_lost", RetryRule::resend, Scope::request,
                  ExitCode::internal},
    FailurePolicy{worker_crashed, "worker_crashed", RetryRule::resend, Scope::request,
                  ExitCode::internal},
    FailurePolicy{queue, "queue", RetryRule::wait, Scope::everybody, ExitCode::unreachable},
    FailurePolicy{unreachable, "unreachable", RetryRule::end_run, Scope::everybody,
                  ExitCode::unreachable},
    FailurePolicy{proxy_login, "proxy_login", RetryRule::end_run, Scope::everybody,
                  ExitCode::unreachable},
    FailurePolicy{retired, "retired", RetryRule::end_run, Scope::everybody, ExitCode::unreachable},
    FailurePolicy{limit, "limit", RetryRule::end_run, Scope::everybody, ExitCode::try_later},
    FailurePolicy{job, "job", RetryRule::end_run, Scope::everybody, ExitCode::bad_job},
    FailurePolicy{usage, "usage", RetryRule::end_run, Scope::everybody, ExitCode::usage},
    FailurePolicy{no_token, "no_token", RetryRule::end_run, Scope::everybody, ExitCode::no_token},
    FailurePolicy{output, "output", RetryRule::end_run, Scope::everybody, ExitCode::cannot_create},
    FailurePolicy{database, "database", RetryRule::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{disk, "disk", RetryRule::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{damaged, "damaged", RetryRule::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{displaced, "displaced", RetryRule::end_run, Scope::everybody, ExitCode::database},
    FailurePolicy{overlap, "overlap", RetryRule::end_run, Scope::everybody, ExitCode::try_later},
    FailurePolicy{machine_limit, "machine_limit", RetryRule::end_run, Scope::everybody,
                  ExitCode::machine_limit},
    FailurePolicy{internal, "internal", RetryRule::end_run, Scope::everybody, ExitCode::internal},
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
