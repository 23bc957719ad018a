// A loaded job: every key of the job file, with its default.  docs/job-file.md describes the keys
// for users; job_keys.cc is the table that reads, checks and documents them.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

enum class OnOverlap { fail, skip, wait };
enum class LogFormat { text, json };
enum class FileAccess { owner, group };  // who may read and write a file

struct Job {
  std::string name;  // default: the file's name without its extension

  struct Source {
    std::vector<std::string> usernames;
    std::optional<std::filesystem::path> usernames_file;  // absolute, or "-": standard input
  } source;

  struct Provider {
    std::string kind{providers().front()->kind};
    std::string base_url{providers().front()->default_url};
    std::vector<std::string>
        tokens;  // references: env:NAME, file:PATH, cmd:COMMAND, credential:NAME
    std::optional<std::filesystem::path> ca_file;
    int per_page = 100;
    std::chrono::milliseconds command_timeout{30'000};  // of a token's cmd:COMMAND
  } provider;

  struct Fetch {
    EngineKind engine = EngineKind::event_loop;
    int concurrency = 8;
    std::chrono::milliseconds timeout{30'000};
    int attempts = 5;
    std::chrono::milliseconds backoff{1000};
    Bytes max_body{64ULL << 20};
  } fetch;

  struct Parse {
    int concurrency = 0;  // 0: auto, one per processor
  } parse;

  struct Store {
    std::filesystem::path database = "repos.db";  // absolute after load_job
    FileAccess access = FileAccess::owner;
    // kForever: rows are never removed.
    std::chrono::milliseconds keep_requests = std::chrono::days(30);
    std::chrono::milliseconds keep_users = std::chrono::days(400);
  } store;

  struct Execution {
    int processes = 1;
    Bytes worker_memory{2ULL << 30};
    std::string queue;  // redis://..., or env:NAME; empty: none
    std::chrono::milliseconds lease{15'000};
  } execution;

  struct Limits {
    int concurrent = 100;
    int requests_per_minute = 900;
    int response_seconds_per_minute = 90;
    int reserve = 0;
  } limits;

  std::vector<TransformStep> transforms;  // in order

  struct Run {
    std::chrono::milliseconds deadline = std::chrono::hours(8);
    std::chrono::milliseconds max_wait = std::chrono::minutes(65);
    std::chrono::milliseconds connect_wait = std::chrono::minutes(2);
    std::chrono::milliseconds resume_within = std::chrono::hours(12);
    double fail_ratio = 0.01;
    double max_vanished = 0.2;
    OnOverlap on_overlap = OnOverlap::fail;
  } run;

  struct Ping {
    std::string url;  // a secret, read from its reference; empty: no pings
    std::chrono::milliseconds timeout{10'000};
  } ping;

  struct Metrics {
    std::filesystem::path textfile;  // empty: none
  } metrics;

  struct Log {
    std::filesystem::path file;  // absolute; empty: none
    LogFormat format = LogFormat::text;
  } log;

  struct Report {
    std::filesystem::path html;  // absolute; empty: none
    int nights = 30;
  } report;

  struct Hooks {
    std::string after;  // empty: none
    std::chrono::milliseconds timeout = std::chrono::minutes(5);
  } hooks;
};

}  // namespace repopipe
