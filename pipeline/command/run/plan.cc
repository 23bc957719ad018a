// The command `plan`, and `run --dry-run`: what a run would take.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/command/commands.h"
#include "pipeline/command/credentials.h"
#include "pipeline/command/run/open_run.h"
#include "pipeline/prediction/prediction.h"
#include "pipeline/source/subject_source.h"
#include "pipeline/workers/executors.h"
#include "stages/parse/rest.h"
#include "storage/prediction/known_lists.h"
#include "storage/prediction/past_nights.h"
#include "storage/query/snapshot.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/inspection_vfs.h"
#include "storage/store/run_log.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNights = 7;

// What the database says.
struct Known {
  bool has_database = false;
  std::optional<std::int64_t> older_schema{};  // it is not read then
  KnownLists lists{};
  std::vector<PastNight> nights{};
  std::vector<TokenReading> readings{};
  std::vector<RecentRequest> recent{};
  std::optional<RunStart> resumed{};
  std::vector<std::vector<std::string>> accounts{};  // of each list of the job
};

// What is asked of the database.
struct Asked {
  const LoadedJob& loaded;
  const RunOptions& options;
  Resources resources;
  const std::vector<Subject>& lists;
  const Clock& clock;
};

// Runs in turn until one fails.
template <class Value>
Status take(Result<Value> read, Value& into) {
  if (!read) return fail(read.error());
  into = std::move(*read);
  return {};
}

Status read_accounts_of_lists(Database& database, const Asked& asked, Known& known) {
  for (const Subject& list : asked.lists) {
    auto logins = read_accounts(database, asked.resources, list);
    if (!logins) return fail(logins.error());
    known.accounts.push_back(std::move(*logins));
  }
  return {};
}

Status read_all(Database& database, const Asked& asked, Known& known) {
  const Job& job = asked.loaded.job;
  const Shard shard = asked.options.shard;
  const RunDescription run = description_of(asked.loaded, asked.options, asked.clock);
  if (auto same = check_api(database, run); !same) return same;
  Status done;
  if (!asked.options.fresh) {
    done = take(run_to_resume(database, run, asked.resources), known.resumed);
  }
  const auto unfinished =
      known.resumed ? std::optional(known.resumed->run_id) : std::optional<std::int64_t>();
  if (done) {
    done = take(read_known_lists(database, asked.resources, job.name, unfinished), known.lists);
  }
  const std::string share = shard.is_whole() ? "" : shard.name();
  if (done) done = take(past_nights(database, job.name, share, kNights), known.nights);
  if (done) done = take(token_readings(database), known.readings);
  const RateLimits minute;
  if (done) {
    done = take(recent_requests(database, asked.clock.wall(), minute.minute, 10'000), known.recent);
  }
  return done ? read_accounts_of_lists(database, asked, known) : done;
}

// Opens nothing for writing.  Without a database, nothing is known.
Result<Known> read_known(const Asked& asked) {
  const fs::path& path = asked.loaded.job.store.database;
  if (auto good = check_place(path); !good) return fail(good.error());
  const auto real = real_path(path);
  if (!real) return fail(real.error());
  std::error_code ignored;
  const bool is_empty = !fs::exists(*real, ignored) || fs::file_size(*real, ignored) == 0;
  if (is_empty && !has_log(*real)) return Known{};
  Known known;
  const auto read = [&](Database& database) {
    known = {.has_database = true};
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return Status(fail(version.error()));
    if (*version == schema_version()) return read_all(database, asked, known);
    known.older_schema = *version;
    return Status();
  };
  if (auto done = read_snapshot(path, 0, read); !done) return fail(done.error());
  return known;
}

// The token of a command is not known before the run begins.
Result<Principals> read_principals(const Job& job, const Environment& environment) {
  const auto& references = job.provider.tokens;
  const auto is_command = [](const auto& reference) { return reference.starts_with("cmd:"); };
  std::vector<std::string> tokens(references.size(), "unknown");
  if (std::ranges::none_of(references, is_command)) {
    if (auto done = take(resolve_tokens(references, environment), tokens); !done)
      return fail(done.error());
  }
  std::vector<bool> is_known(references.size(), true);
  for (std::size_t i = 0; i < references.size(); ++i) {
    if (tokens[i] != "unknown") continue;
    auto own = is_command(references[i])
                   ? Result<std::vector<std::string>>()
                   : resolve_tokens(std::span(references).subspan(i, 1), environment);
    is_known[i] = own && own->size() == 1;
    if (is_known[i]) tokens[i] = own->front();
  }
  Principals principals{.all = principals_of(references, tokens)};
  for (std::size_t i = 0; i < references.size(); ++i) {
    if (!is_known[i]) principals.all[i].identity.clear();
  }
  for (Principal& each : principals.all) each.transforms = word_of(job.transforms);
  const bool ignores_wrong = find_provider(job.provider.kind)->ignores_wrong_tokens;
  principals.are_checked = references.size() > 1 || (ignores_wrong && !references.empty());
  return principals;
}

// Calls `take` for each entry of the job.
Status each_subject(const LoadedJob& loaded, Shard shard,
                    const std::function<void(Subject)>& take) {
  UsernameReader all(loaded.users);
  ShardFilter subjects(all, shard);
  for (;;) {
    auto block = subjects.next_block();
    if (!block) return fail(block.error());
    if (block->empty()) return {};
    for (Subject& subject : *block) take(std::move(subject));
  }
}

Result<std::vector<Subject>> lists_of(const LoadedJob& loaded, Shard shard) {
  std::vector<Subject> lists;
  const Status done = each_subject(loaded, shard, [&lists](Subject subject) {
    if (subject.resource != kRepositoriesId) lists.push_back(std::move(subject));
  });
  if (!done) return fail(done.error());
  return lists;
}

Result<Work> count_work(const LoadedJob& loaded, const Provider& provider, Shard shard,
                        const Principals& principals, const Experience& past, const Known& known) {
  const Job::Provider& api = loaded.job.provider;
  const RestProtocol protocol(provider, {api.base_url, api.per_page});
  WorkCount count(protocol, principals, known.lists, past);
  std::size_t list = 0;
  const Status done = each_subject(loaded, shard, [&](const Subject& subject) {
    count.add(subject);
    if (subject.resource == kRepositoriesId) return;
    const std::size_t number = list++;
    if (known.lists.find(subject.login, subject.resource) == nullptr) {
      return count.add_unknown_list();
    }
    for (const std::string& login : known.accounts[number]) {
      if (shard.holds(login)) count.add({.login = login});
    }
  });
  if (!done) return fail(done.error());
  return count.work();
}

std::vector<std::string> notes_of(const LoadedJob& loaded, const Known& known,
                                  const std::string& fitted) {
  std::vector<std::string> notes;
  if (!fitted.empty()) notes.push_back(fitted);
  if (known.older_schema) {
    notes.push_back(
        fmt::format("the database has schema version {}, which the next run updates; "
                    "until then nothing in it counts here",
                    *known.older_schema));
  }
  if (!known.has_database) return notes;
  const std::string holder = lock_holder(loaded.job.store.database);
  if (!holder.empty()) {
    notes.push_back(fmt::format("{} uses the database now; this is what would be left", holder));
  }
  return notes;
}

// What a prediction needs; `loaded` outlives it.
struct Gathered {
  Principals principals;
  Known known;
  Experience past;
  Work work;
};

Result<Gathered> gather(const LoadedJob& loaded, const RunOptions& options,
                        const Provider& provider, const ProcessContext& around) {
  const auto lists = lists_of(loaded, options.shard);
  if (!lists) return fail(lists.error());
  auto principals = read_principals(loaded.job, around.environment);
  if (!principals) return fail(principals.error());
  auto known = read_known({loaded, options, provider.resources, *lists, around.clock});
  if (!known) return fail(known.error());
  const Experience past = experience_of(known->nights, known->lists);
  auto work = count_work(loaded, provider, options.shard, *principals, past, *known);
  if (!work) return fail(work.error());
  return Gathered{std::move(*principals), std::move(*known), past, std::move(*work)};
}

Prediction predict_from(const Gathered& gathered, const Job& job, const Provider& provider,
                        WallTime now) {
  PredictionFacts facts{.job = job, .provider = provider, .principals = gathered.principals};
  const auto& recent = gathered.known.recent;
  facts.work = gathered.work;
  facts.past = gathered.past;
  facts.readings = gathered.known.readings;
  facts.sent_before = recent.size();
  if (!recent.empty()) facts.sent_until = RateLimits{}.minute - recent.front().age;
  facts.concurrency = work_settings(job).concurrency;
  facts.now = now;
  return predict(facts);
}

struct Planned {
  Prediction prediction;
  std::string text;
};

Result<Planned> plan_job(LoadedJob& loaded, const PredictOptions& options,
                         const ProcessContext& around) {
  const Shard shard = options.run.shard;
  if (auto done = complete_job(loaded, shard, around.environment); !done) return fail(done.error());
  const std::string fitted = fit_open_files(loaded.job);
  const Job& job = loaded.job;
  const Provider& provider = *find_provider(job.provider.kind);
  const auto gathered = gather(loaded, options.run, provider, around);
  if (!gathered) return fail(gathered.error());
  const Known& known = gathered->known;
  PredictedJob about{.job = job, .shard = shard, .entries = loaded.users.count};
  about.concurrency = work_settings(job).concurrency;
  about.has_database = known.has_database;
  about.notes = notes_of(loaded, known, fitted);
  if (known.resumed) {
    about.resumption = words_of_resumption(*known.resumed, loaded.users.count);
    about.run_id = known.resumed->run_id;
  }
  const Prediction told = predict_from(*gathered, job, provider, around.clock.wall());
  return Planned{told, options.json ? to_json(told, about) : to_text(told, about)};
}

}  // namespace

ExitCode plan(const PredictOptions& options, const ProcessContext& around) {
  LoadedJob loaded = load_job(options.run.job, options.run.overrides, around.environment);
  if (!loaded.diagnostics.empty()) return print_diagnostics(loaded);
  const auto planned = plan_job(loaded, options, around);
  if (!planned) return refuse_command(planned.error());
  const ExitCode code = planned->prediction.fits() ? ExitCode::complete : ExitCode::try_later;
  const bool is_text_of_run = options.run.dry_run && !options.json;
  if (!is_text_of_run) return deliver(planned->text, code);
  say(planned->text);
  return code;
}

}  // namespace repopipe
