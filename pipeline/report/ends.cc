#include "pipeline/report/ends.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace repopipe {
namespace {

constexpr std::string_view kRunAgain =
    "run it again: the next run continues where this one stopped";

constexpr std::array kRows{
    EndRow{StopReason::complete, "complete", ExitCode::complete, "complete",
           "every user was answered", ""},
    EndRow{StopReason::usage, "usage", ExitCode::usage, "wrong command line",
           "the command line has a mistake; nothing was done", "repopipe run --help"},
    EndRow{StopReason::users_failed, "users_failed", ExitCode::incomplete, "incomplete",
           "finished, but more users failed than `run.fail_ratio` allows",
           "SELECT * FROM failures; the next run retries. Raise run.fail_ratio if that many are to "
           "be expected"},
    EndRow{StopReason::nobody_listed, "nobody_listed", ExitCode::incomplete, "incomplete",
           "finished, but not one user was listed",
           "check provider.base_url ({base_url}), the tokens and the list of usernames; SELECT * "
           "FROM failures"},
    EndRow{StopReason::list_failed, "list_failed", ExitCode::incomplete, "incomplete",
           "finished, but a list of accounts such as `members:ORG` was not read, or was refused",
           "SELECT * FROM failures; the users of the last known list were listed, and the next "
           "run retries"},
    EndRow{StopReason::users_vanished, "users_vanished", ExitCode::incomplete, "incomplete",
           "finished, but more known users or repositories vanished than `run.max_vanished` "
           "allows; none was marked as gone",
           "check that provider.base_url and the tokens still see them; if they are gone: repopipe "
           "run {job} --set run.max_vanished=1"},
    EndRow{
        StopReason::unreachable, "unreachable", ExitCode::unreachable, "failed",
        "the API cannot be reached",
        "check the network, the proxy and provider.base_url ({base_url}); the next run continues "
        "where this one stopped"},
    EndRow{StopReason::queue, "queue", ExitCode::unreachable, "failed",
           "the queue cannot be reached, or has no worker",
           "check that Redis at {queue} can be reached and has workers (repopipe worker --queue "
           "{queue}); the next run continues where this one stopped"},
    EndRow{StopReason::proxy_login, "proxy_login", ExitCode::unreachable, "failed",
           "the proxy rejects user and password",
           "correct user and password in the proxy variable; the next run continues where this one "
           "stopped"},
    EndRow{StopReason::retired, "retired", ExitCode::unreachable, "failed",
           "the API no longer serves the version that this program requests",
           "update repopipe; the next run continues where this one stopped"},
    EndRow{StopReason::internal, "internal", ExitCode::internal, "failed",
           "an error of this program", "run it again; if it fails again, report this message"},
    EndRow{StopReason::machine_limit, "machine_limit", ExitCode::machine_limit, "failed",
           "out of open files, threads or memory",
           "raise that limit, or lower fetch.concurrency; then run it again"},
    EndRow{StopReason::cannot_create, "cannot_create", ExitCode::cannot_create, "failed",
           "the database cannot be opened or created",
           "check the folder and the file of store.database; then run it again"},
    EndRow{StopReason::disk, "disk", ExitCode::database, "failed",
           "the disk of the database is full or defective", kRemedyOfDisk},
    EndRow{StopReason::damaged, "damaged", ExitCode::database, "failed", "the database is damaged",
           kRemedyOfDamage},
    EndRow{StopReason::displaced, "displaced", ExitCode::database, "failed",
           "another program removed, replaced or overwrote the database during the run",
           "put the former file back, or keep the current one; the next run lists every user that "
           "is not in the file. Do not move a database or its folder during a run"},
    EndRow{StopReason::database, "database", ExitCode::database, "failed",
           "the database failed, or requested output cannot be written",
           "check the disk and the file of store.database; the next run continues where this one "
           "stopped"},
    EndRow{StopReason::overlap, "overlap", ExitCode::try_later, "failed",
           "another run holds the database",
           "wait for the other run to end; with run.on_overlap: wait, a run does so itself"},
    EndRow{StopReason::deadline, "deadline", ExitCode::try_later, "deadline", "`run.deadline` came",
           kRunAgain},
    EndRow{StopReason::limited, "limited", ExitCode::try_later, "limited",
           "a rate limit requires a longer wait than `run.max_wait`",
           "run it again when the limit is over: the next run continues where this one stopped"},
    EndRow{StopReason::no_token, "no_token", ExitCode::no_token, "failed", "no valid token is left",
           "put a valid token into provider.tokens; repopipe check {job} --online checks each"},
    EndRow{StopReason::bad_job, "bad_job", ExitCode::bad_job, "failed",
           "the job file, or what it names, has a mistake",
           "correct it; repopipe check {job} reports every error"},
    EndRow{StopReason::interrupted, "interrupted", ExitCode::interrupted, "interrupted",
           "Ctrl-C (SIGINT)", kRunAgain},
    EndRow{StopReason::terminated, "terminated", ExitCode::terminated, "terminated",
           "SIGTERM or SIGHUP", kRunAgain},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].reason != static_cast<StopReason>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "the table is indexed by reason");

struct ReasonOfKind {
  FailureKind kind;
  StopReason reason;
};

// The kinds whose exit code has several rows.
constexpr std::array kReasonsOfKinds{
    ReasonOfKind{FailureKind::queue, StopReason::queue},
    ReasonOfKind{FailureKind::proxy_login, StopReason::proxy_login},
    ReasonOfKind{FailureKind::retired, StopReason::retired},
    ReasonOfKind{FailureKind::disk, StopReason::disk},
    ReasonOfKind{FailureKind::damaged, StopReason::damaged},
    ReasonOfKind{FailureKind::displaced, StopReason::displaced},
    ReasonOfKind{FailureKind::database, StopReason::database},
    ReasonOfKind{FailureKind::overlap, StopReason::overlap},
};

StopReason reason_of(const RunEnd& end) {
  if (end.reason) return *end.reason;
  for (const ReasonOfKind& each : kReasonsOfKinds) {
    if (end.cause == each.kind) return each.reason;
  }
  if (end.status == RunStatus::deadline) return StopReason::deadline;
  if (end.exit_code == ExitCode::try_later) return StopReason::limited;
  if (end.exit_code == ExitCode::database) return StopReason::database;
  return std::ranges::find(kRows, end.exit_code, &EndRow::exit_code)->reason;
}

void put(std::string& text, std::string_view name, std::string_view value) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

}  // namespace

std::span<const EndRow> end_rows() {
  return kRows;
}

const EndRow& row_of(const RunEnd& end) {
  return kRows[static_cast<std::size_t>(reason_of(end))];
}

std::string action_of(const EndRow& row, const EndNames& names) {
  std::string text(row.action);
  put(text, "{job}", names.job_file);
  put(text, "{base_url}", names.base_url);
  put(text, "{queue}", names.queue);
  return text;
}

namespace {

// A run that fails in another way may have a row in the database.
bool is_sure_not_to_have_begun(ExitCode code) {
  return code == ExitCode::cannot_create || code == ExitCode::try_later ||
         code == ExitCode::no_token || code == ExitCode::bad_job;
}

}  // namespace

std::string first_line(std::string_view job, const RunEnd& end, bool began) {
  const EndRow& row = row_of(end);
  const std::string_view cause = end.error.empty() ? row.meaning : std::string_view(end.error);
  return fmt::format("{}: {} ({}): {}", job,
                     !began && is_sure_not_to_have_begun(end.exit_code) ? "not started" : row.word,
                     static_cast<int>(end.exit_code), cause);
}

}  // namespace repopipe
