// The commands `prune` and `compact`.
#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "pipeline/base/units.h"
#include "pipeline/command/commands.h"
#include "pipeline/job/load.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/file_watch.h"
#include "storage/sqlite/run_lock.h"
#include "storage/upkeep/compaction.h"
#include "storage/upkeep/retention.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

Result<const Provider*> provider_of(const fs::path& database) {
  auto reader = open_reader(database);
  if (!reader) return fail(reader.error());
  const auto has_column =
      reader->integer("SELECT count(*) FROM pragma_table_info('runs') WHERE name = 'provider'");
  if (!has_column) return fail(has_column.error());
  const auto api = *has_column == 0 ? Result<std::optional<Api>>() : known_api(*reader);
  if (!api) return fail(api.error());
  const std::string kind = *api ? (*api)->provider : Job{}.provider.kind;
  if (const Provider* provider = find_provider(kind)) return provider;
  return fail(FailureKind::output,
              fmt::format("{}: its provider is {}, which this version does not know; use the newer "
                          "repopipe",
                          database.string(), kind));
}

Retention retention_of(const Target& target) {
  const Job job = target.job.value_or(Job{});
  Retention retention{job.store.keep_requests, job.store.keep_users};
  if (target.job) retention.job = job.name;
  return retention;
}

std::string words_of(const RemovedRows& rows) {
  return fmt::format("{} rows of requests and {} of users", show(rows.requests), show(rows.users));
}

std::uint64_t size_of(const fs::path& path) {
  std::error_code ignored;
  const auto size = fs::file_size(path, ignored);
  return ignored ? 0 : size;
}

void say_line(const std::string& line) {
  say(fmt::format("repopipe: {}\n", line));
}

Result<RemovedRows> count_rows(const Target& target, const Clock& clock) {
  auto reader = open_reader(target.database);
  if (!reader) return fail(reader.error());
  return RowRemoval(*reader, retention_of(target), clock.wall()).count();
}

struct Pruned {
  RemovedRows rows;
  std::uint64_t before;  // bytes of the file
  std::uint64_t after;
};

Result<Pruned> prune_database(const Target& target, const Clock& clock) {
  auto lock = RunLock::acquire(target.database);
  if (!lock) return fail(lock.error());
  auto database = open_database(target.database, target.provider->resources, say_line);
  if (!database) return fail(database.error());
  auto watch = FileWatch::begin(*database, *lock);
  if (!watch) return fail(watch.error());
  const std::uint64_t before = size_of(target.database);
  const Retention retention = retention_of(target);
  RowRemoval removal(*database, retention, clock.wall());
  const RowRemoval::Hooks hooks{.check = [&watch] { return (*watch)->check(); }};
  const auto removed = removal.run(hooks);
  if (!removed) return fail(removed.error());
  if (auto done = removal.give_back_pages(0, hooks); !done) return fail(done.error());
  if (auto done = (*watch)->check_end(); !done) return fail(done.error());
  return Pruned{*removed, before, size_of(target.database)};
}

}  // namespace

tl::expected<Target, ExitCode> find_target(const fs::path& given, const Environment& environment) {
  Target target{.database = given};
  std::error_code ignored;
  if (!is_database(given) && fs::exists(given, ignored)) {
    LoadedJob loaded = load_job_store(given, environment);
    if (!loaded.diagnostics.empty()) return tl::unexpected(print_diagnostics(loaded));
    target.database = loaded.job.store.database;
    target.job = std::move(loaded.job);
  }
  const auto provider = provider_of(target.database);
  if (!provider) return tl::unexpected(refuse_command(provider.error()));
  target.provider = *provider;
  return target;
}

ExitCode refuse_command(const Failure& failure) {
  say_line(with_remedy(failure));
  return policy_of(failure.kind).exit_code;
}

ExitCode prune(const PruneOptions& options, const ProcessContext& around) {
  const auto target = find_target(options.target, around.environment);
  if (!target) return target.error();
  const std::string database = target->database.string();
  if (options.dry_run) {
    const auto rows = count_rows(*target, around.clock);
    if (!rows) return refuse_command(rows.error());
    say(fmt::format("{}: would remove {}\n", database, words_of(*rows)));
    return ExitCode::complete;
  }
  const auto pruned = prune_database(*target, around.clock);
  if (!pruned) return refuse_command(pruned.error());
  if (options.quiet) return ExitCode::complete;
  say(fmt::format("{}: removed {}; has {}, had {}\n", database, words_of(pruned->rows),
                  show(Bytes{pruned->after}), show(Bytes{pruned->before})));
  return ExitCode::complete;
}

ExitCode compact(const CompactOptions& options, const ProcessContext& around) {
  const auto target = find_target(options.target, around.environment);
  if (!target) return target.error();
  auto lock = RunLock::acquire(target->database);
  if (!lock) return refuse_command(lock.error());
  const auto sizes =
      compact_database(target->database, *lock, target->provider->resources, say_line);
  if (!sizes) return refuse_command(sizes.error());
  if (options.quiet) return ExitCode::complete;
  say(fmt::format("{}: has {}, had {}\n", target->database.string(), show(Bytes{sizes->after}),
                  show(Bytes{sizes->before})));
  return ExitCode::complete;
}

}  // namespace repopipe
