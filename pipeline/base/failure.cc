#include "pipeline/base/failure.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace repopipe {
namespace {

constexpr std::array kExitCodes{
    ExitCodeMeaning{ExitCode::complete, "complete"},
    ExitCodeMeaning{ExitCode::usage, "wrong command line"},
    ExitCodeMeaning{
        ExitCode::incomplete,
        "finished, but more users failed or vanished than the job allows; or compare "
        "found that databases differ; or status --max-age found no recent complete run"},
    ExitCodeMeaning{ExitCode::unreachable, "the API or the queue cannot be reached"},
    ExitCodeMeaning{ExitCode::internal, "internal error"},
    ExitCodeMeaning{ExitCode::machine_limit, "out of open files, threads or memory"},
    ExitCodeMeaning{ExitCode::cannot_create,
                    "the database cannot be opened or created; or report cannot write the page"},
    ExitCodeMeaning{
        ExitCode::database,
        "database I/O error, such as a full disk; or requested output cannot be written"},
    ExitCodeMeaning{
        ExitCode::try_later,
        "try later: another run holds the lock, the deadline has passed, or a rate limit "
        "requires a longer wait than run.max_wait; or plan found that a run would not finish"},
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

constexpr FailurePolicy ending(FailureKind kind, std::string_view name, ExitCode exit_code) {
  return {.kind = kind, .name = name, .rule = RetryRule::end_run, .exit_code = exit_code};
}

constexpr std::array kPolicies{
    FailurePolicy{.kind = connect,
                  .name = "connect",
                  .rule = RetryRule::retry,
                  .exit_code = ExitCode::unreachable,
                  .cooldown = CoolsDown::network,
                  .exchanged = Exchanged::unanswered,
                  .counts_as = CountsAs::attempt,
                  .way = WayToBlame::yes},
    FailurePolicy{.kind = transport,
                  .name = "transport",
                  .rule = RetryRule::retry,
                  .exit_code = ExitCode::unreachable,
                  .cooldown = CoolsDown::network,
                  .ask_for_less = AskForLess::of_cut,
                  .counts_as = CountsAs::attempt,
                  .way = WayToBlame::perhaps,
                  .overload = true},
    FailurePolicy{.kind = timeout,
                  .name = "timeout",
                  .rule = RetryRule::retry,
                  .exit_code = ExitCode::unreachable,
                  .cooldown = CoolsDown::network,
                  .ask_for_less = AskForLess::yes,
                  .counts_as = CountsAs::attempt,
                  .way = WayToBlame::perhaps,
                  .overload = true,
                  .stale_connection = true},
    FailurePolicy{.kind = server_error,
                  .name = "server_error",
                  .rule = RetryRule::retry,
                  .exit_code = ExitCode::unreachable,
                  .cooldown = CoolsDown::network,
                  .ask_for_less = AskForLess::of_gateway,
                  .counts_as = CountsAs::attempt,
                  .way = WayToBlame::by_status,
                  .overload = true},
    FailurePolicy{.kind = malformed,
                  .name = "malformed",
                  .rule = RetryRule::retry,
                  .exit_code = ExitCode::incomplete,
                  .cooldown = CoolsDown::network,
                  .counts_as = CountsAs::attempt,
                  .way = WayToBlame::by_status,
                  .not_of_api = true},
    FailurePolicy{.kind = incomplete_list,
                  .name = "incomplete_list",
                  .rule = RetryRule::retry,
                  .exit_code = ExitCode::incomplete,
                  .counts_as = CountsAs::attempt,
                  .keeps_pages = true},
    FailurePolicy{.kind = bad_record,
                  .name = "bad_record",
                  .rule = RetryRule::fail_user,
                  .exit_code = ExitCode::incomplete},
    FailurePolicy{.kind = too_large,
                  .name = "too_large",
                  .rule = RetryRule::fail_user,
                  .exit_code = ExitCode::incomplete},
    FailurePolicy{.kind = not_found,
                  .name = "not_found",
                  .rule = RetryRule::recheck,
                  .exit_code = ExitCode::incomplete,
                  .outcome = Outcome::not_found},
    FailurePolicy{.kind = hidden,
                  .name = "hidden",
                  .rule = RetryRule::fail_user,
                  .exit_code = ExitCode::incomplete},
    FailurePolicy{.kind = blocked,
                  .name = "blocked",
                  .rule = RetryRule::fail_user,
                  .exit_code = ExitCode::incomplete,
                  .outcome = Outcome::blocked},
    FailurePolicy{.kind = unauthorized,
                  .name = "unauthorized",
                  .rule = RetryRule::retry_token,
                  .exit_code = ExitCode::no_token},
    FailurePolicy{.kind = bad_token,
                  .name = "bad_token",
                  .rule = RetryRule::disable,
                  .exit_code = ExitCode::no_token},
    FailurePolicy{.kind = rate_limited,
                  .name = "rate_limited",
                  .rule = RetryRule::wait,
                  .exit_code = ExitCode::try_later,
                  .cooldown = CoolsDown::quota},
    FailurePolicy{.kind = throttled,
                  .name = "throttled",
                  .rule = RetryRule::wait,
                  .exit_code = ExitCode::try_later,
                  .cooldown = CoolsDown::all,
                  .overload = true},
    FailurePolicy{.kind = unexpected_status,
                  .name = "unexpected_status",
                  .rule = RetryRule::fail_user,
                  .exit_code = ExitCode::incomplete,
                  .way = WayToBlame::by_status},
    FailurePolicy{.kind = cancelled,
                  .name = "cancelled",
                  .rule = RetryRule::resend,
                  .exit_code = ExitCode::interrupted,
                  .exchanged = Exchanged::no},
    FailurePolicy{.kind = worker_lost,
                  .name = "worker_lost",
                  .rule = RetryRule::resend,
                  .exit_code = ExitCode::internal,
                  .counts_as = CountsAs::loss},
    FailurePolicy{.kind = worker_crashed,
                  .name = "worker_crashed",
                  .rule = RetryRule::resend,
                  .exit_code = ExitCode::internal,
                  .counts_as = CountsAs::crash},
    FailurePolicy{.kind = queue,
                  .name = "queue",
                  .rule = RetryRule::wait,
                  .exit_code = ExitCode::unreachable,
                  .cooldown = CoolsDown::queue,
                  .exchanged = Exchanged::no},
    FailurePolicy{.kind = unreachable,
                  .name = "unreachable",
                  .rule = RetryRule::end_run,
                  .exit_code = ExitCode::unreachable,
                  .way = WayToBlame::yes},
    FailurePolicy{.kind = proxy_login,
                  .name = "proxy_login",
                  .rule = RetryRule::end_run,
                  .exit_code = ExitCode::unreachable,
                  .way = WayToBlame::yes},
    ending(retired, "retired", ExitCode::unreachable),
    ending(limit, "limit", ExitCode::try_later),
    FailurePolicy{.kind = job,
                  .name = "job",
                  .rule = RetryRule::end_run,
                  .exit_code = ExitCode::bad_job,
                  .exchanged = Exchanged::no},
    FailurePolicy{
        .kind = usage, .name = "usage", .rule = RetryRule::end_run, .exit_code = ExitCode::usage},
    ending(no_token, "no_token", ExitCode::no_token),
    ending(output, "output", ExitCode::cannot_create),
    ending(database, "database", ExitCode::database),
    FailurePolicy{.kind = disk,
                  .name = "disk",
                  .rule = RetryRule::end_run,
                  .exit_code = ExitCode::database,
                  .of_machine = true},
    ending(damaged, "damaged", ExitCode::database),
    ending(displaced, "displaced", ExitCode::database),
    ending(overlap, "overlap", ExitCode::try_later),
    FailurePolicy{.kind = machine_limit,
                  .name = "machine_limit",
                  .rule = RetryRule::end_run,
                  .exit_code = ExitCode::machine_limit,
                  .exchanged = Exchanged::no,
                  .way = WayToBlame::yes,
                  .of_machine = true},
    FailurePolicy{.kind = internal,
                  .name = "internal",
                  .rule = RetryRule::end_run,
                  .exit_code = ExitCode::internal,
                  .exchanged = Exchanged::no},
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
  if (kind == disk) return kRemedyOfDisk;
  return kind == damaged ? kRemedyOfDamage : std::string_view();
}

FailureKind failure_kind_of(ExitCode exit_code) {
  const auto found = std::ranges::find(kPolicies, exit_code, &FailurePolicy::exit_code);
  return found == kPolicies.end() ? internal : found->kind;
}

std::string with_remedy(const Failure& failure) {
  const std::string_view remedy = remedy_of(failure.kind);
  return remedy.empty() ? failure.message : failure.message + "; " + std::string(remedy);
}

Failure Failure::within(std::string_view noun) const {
  return Failure{kind, std::string(noun) + ": " + message};
}

}  // namespace repopipe
