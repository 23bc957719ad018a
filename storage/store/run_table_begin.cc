// Begins or resumes a run, and checks that the database has data of the same API.
#include <fmt/format.h>

#include "storage/store/run_table.h"

namespace repopipe {
namespace {

// ?3: a run that began earlier is not resumed.
constexpr std::string_view kUnfinished = R"sql(
SELECT id FROM runs
WHERE id = (SELECT max(id) FROM runs WHERE job = ?1 AND shard IS ?2 AND merged = 0)
  AND status NOT IN ('complete', 'incomplete') AND started_at >= ?3)sql";

constexpr std::string_view kUnfinishedBefore = R"sql(
SELECT id FROM runs
WHERE id = (SELECT max(id) FROM runs WHERE job = ?1 AND shard IS ?2 AND merged = 0 AND id < ?3)
  AND status NOT IN ('complete', 'incomplete'))sql";

constexpr std::string_view kResume = R"sql(
UPDATE runs SET status = 'running', version = ?2, resumed = resumed + 1, finished_at = NULL,
                exit_code = NULL, error = NULL, job_digest = nullif(?3, ''),
                provider = coalesce(nullif(?4, ''), provider), host = coalesce(nullif(?5, ''), host)
WHERE id = ?1)sql";

constexpr std::string_view kJobChanged = "SELECT job_digest <> ?2 FROM runs WHERE id = ?1";

constexpr std::string_view kAbandon =
    "UPDATE runs SET status = 'interrupted' "
    "WHERE job = ?1 AND shard IS ?2 AND merged = 0 AND status = 'running'";

constexpr std::string_view kInsert = R"sql(
INSERT INTO runs (job, version, status, started_at, job_digest, shard, provider, host, uid, ordinal)
VALUES (?1, ?2, 'running', ?3, nullif(?4, ''), ?5, nullif(?6, ''), nullif(?7, ''),
        lower(hex(randomblob(16))), (SELECT coalesce(max(ordinal), 0) + 1 FROM runs))
RETURNING id)sql";

constexpr std::string_view kBegunAndSettled = R"sql(
SELECT started_at,
       (SELECT count(*) FROM run_users u
        WHERE u.run_id = ?1
          AND NOT EXISTS (SELECT 1 FROM {missing} m
                          WHERE m.run_id = ?1 AND m.login = u.login AND m.confirmed = 0))
FROM runs WHERE id = ?1)sql";

// A part whose process was killed.
constexpr std::string_view kEndLostParts = R"sql(
UPDATE run_parts SET status = 'interrupted'
WHERE status = 'running'
  AND run_id IN (SELECT id FROM runs WHERE job = ?1 AND shard IS ?2 AND merged = 0))sql";

constexpr std::string_view kBeginPart = R"sql(
INSERT INTO run_parts (run_id, part, started_at, status)
SELECT ?1, coalesce(max(part), 0) + 1, ?2, 'running' FROM run_parts WHERE run_id = ?1)sql";

// The value of `runs.shard`; nothing for the whole job.
std::optional<std::string> shard_of(const RunDescription& description) {
  return description.shard.is_whole() ? std::nullopt : std::optional(description.shard.name());
}

std::string earliest_to_resume(const RunDescription& description) {
  return to_iso8601(description.started_at - description.resume_within);
}

Status read_begun(Database& database, const ResourceColumns& columns, RunStart& start) {
  auto statement = database.prepare(sql_for(columns, kBegunAndSettled));
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(start.run_id).step();
  if (!row) return fail(row.error());
  start.started_at = statement->text(0);
  start.settled = static_cast<std::uint64_t>(statement->integer(1));
  return {};
}

Status read_uid(Database& database, RunStart& start) {
  auto statement = database.prepare("SELECT uid FROM runs WHERE id = ?1");
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(start.run_id).step();
  if (!row) return fail(row.error());
  start.uid = statement->text(0);
  return {};
}

}  // namespace

Status check_api(Database& database, const RunDescription& description) {
  const auto known = known_api(database);
  if (!known) return fail(known.error());
  const Api& asked = description.api;
  if (!*known || asked.provider.empty() || **known == asked) return {};
  const bool same_kind = (*known)->provider == asked.provider;
  if (same_kind && description.accepts_host) return {};
  return fail(
      FailureKind::job,
      fmt::format("{}: holds what {} at {} told, and this job asks {} at {}; name another "
                  "store.database{}",
                  database.path().string(), (*known)->provider, (*known)->host, asked.provider,
                  asked.host,
                  same_kind ? ", or, if it is the same server under a new name: repopipe run JOB "
                              "--accept-host"
                            : ""));
}

Result<RunStart> RunTable::begin(const RunDescription& description, Unfinished unfinished) {
  auto transaction = Transaction::begin(database_, TransactionKind::write);
  if (!transaction) return fail(transaction.error());
  if (auto same = check_api(database_, description); !same) return fail(same.error());
  const std::string_view job = description.job;
  const auto shard = shard_of(description);
  const std::string earliest = earliest_to_resume(description);
  const auto last = number_of(database_, kUnfinished, job, shard, std::string_view(earliest));
  if (!last) return fail(last.error());
  const bool resumes = *last && unfinished == Unfinished::resume;
  Status done = run_once(database_, kEndLostParts, job, shard);
  if (done && !resumes) done = run_once(database_, kAbandon, job, shard);
  if (done && !resumes) done = forget_candidates_of_unfinished(database_, resources_, job, shard);
  if (!done) return fail(done.error());
  auto start = resumes ? resume(**last, description) : insert(description);
  if (!start) return start;
  const auto before = number_of(database_, kUnfinishedBefore, job, shard, start->run_id);
  if (!before) return fail(before.error());
  start->after = *before;
  if (auto read = read_uid(database_, *start); !read) return fail(read.error());
  const std::string now = to_iso8601(description.started_at);
  done = run_once(database_, kBeginPart, start->run_id, std::string_view(now));
  if (done) done = transaction->commit();
  if (!done) return fail(done.error());
  return start;
}

Result<RunStart> RunTable::resume(std::int64_t run_id, const RunDescription& description) {
  const std::string_view digest = description.job_digest;
  const auto changed = number_of(database_, kJobChanged, run_id, digest);
  if (!changed) return fail(changed.error());
  const Api& api = description.api;
  RunStart start{.run_id = run_id, .resumed = true, .job_changed = changed->value_or(0) != 0};
  Status done = run_once(database_, kResume, run_id, std::string_view(description.version), digest,
                         std::string_view(api.provider), std::string_view(api.host));
  if (done) done = read_begun(database_, main_of(resources_), start);
  if (!done) return fail(done.error());
  return start;
}

Result<RunStart> RunTable::insert(const RunDescription& description) {
  RunStart start{.started_at = to_iso8601(description.started_at)};
  const auto id =
      number_of(database_, kInsert, std::string_view(description.job),
                std::string_view(description.version), std::string_view(start.started_at),
                std::string_view(description.job_digest), shard_of(description),
                std::string_view(description.api.provider), std::string_view(description.api.host));
  if (!id) return fail(id.error());
  start.run_id = id->value_or(0);
  return start;
}

Result<std::optional<RunStart>> run_to_resume(Database& database, const RunDescription& description,
                                              Resources resources) {
  const std::string earliest = earliest_to_resume(description);
  const auto last = number_of(database, kUnfinished, std::string_view(description.job),
                              shard_of(description), std::string_view(earliest));
  if (!last) return fail(last.error());
  if (!*last) return std::nullopt;
  RunStart start{.run_id = **last, .resumed = true};
  if (auto read = read_begun(database, main_of(columns_of(resources)), start); !read)
    return fail(read.error());
  return start;
}

}  // namespace repopipe
