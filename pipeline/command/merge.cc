#include "storage/merge/merge.h"

#include <fmt/format.h>

#include "pipeline/base/system.h"
#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/job/job.h"
#include "pipeline/model/provider.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/file_watch.h"
#include "storage/sqlite/run_lock.h"

namespace repopipe {
namespace {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", show(count), count == 1 ? one : many);
}

std::string words_of(const Merged& merged) {
  if (merged == Merged{}) return "nothing new";
  return fmt::format("{}, {}, {} ({} new)", counted(merged.runs, "run", "runs"),
                     counted(merged.users, "user", "users"),
                     counted(merged.repos, "repository", "repositories"), show(merged.new_repos));
}

// Nothing is made or locked before every file has been looked at.
Status check(const MergeOptions& options) {
  if (auto done = tell_apart(options.into, options.from); !done) return done;
  for (const auto& from : options.from) {
    if (auto done = check_mergeable(from); !done) return done;
  }
  return check_same_api(options.into, options.from);
}

Status fold_all(const MergeOptions& options) {
  if (auto done = check(options); !done) return done;
  // All providers there are fill the same columns; a file that has others is refused.
  const ProviderEntry* entry = find_provider(Job{}.provider.kind);
  const auto told = [&options](const std::string& line) {
    if (!options.quiet) say(fmt::format("repopipe: {}\n", line));
  };
  if (auto good = check_place(options.into); !good) return fail(good.error());
  auto lock = RunLock::acquire(options.into);
  if (!lock) return fail(lock.error());
  auto into = open_database(options.into, entry->fields(), told);
  if (!into) return fail(into.error());
  auto watch = FileWatch::begin(*into, *lock);
  if (!watch) return fail(watch.error());
  Merge merge(*into);
  if (auto done = merge.number_runs(options.from); !done) return done;
  for (const auto& from : options.from) {
    if (auto whole = (*watch)->check(); !whole) return whole;
    const auto merged = merge.fold(from);
    if (!merged) {
      const auto whole = (*watch)->check();
      return fail(whole ? merged.error() : whole.error());
    }
    if (!options.quiet) say(fmt::format("{}: {}\n", from.string(), words_of(*merged)));
  }
  return (*watch)->check_end();
}

}  // namespace

ExitCode merge(const MergeOptions& options) {
  const Status done = fold_all(options);
  if (done) return ExitCode::complete;
  say(fmt::format("repopipe: {}\n", with_remedy(done.error())));
  return policy_of(done.error().kind).exit_code;
}

}  // namespace repopipe
