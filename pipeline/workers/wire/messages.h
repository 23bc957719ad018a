// The messages between a run and its workers.  Each task is followed by exactly one result, unless
// the worker is lost.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "pipeline/model/listing.h"
#include "pipeline/model/task.h"
#include "pipeline/model/work_settings.h"

namespace repopipe {

// Run to worker:
struct Configure {  // the first message
  WorkSettings settings{};
  std::vector<std::string> tokens{};  // by principal; empty: requests are anonymous

  friend bool operator==(const Configure&, const Configure&) = default;
};
struct WithdrawWaiting {  // cancel tasks whose requests have not been sent
  friend bool operator==(const WithdrawWaiting&, const WithdrawWaiting&) = default;
};
using WorkerCommand = std::variant<Configure, Task, WithdrawWaiting>;

// Worker to run:
struct Ready {  // the first message
  std::string version{};

  friend bool operator==(const Ready&, const Ready&) = default;
};
using WorkerEvent = std::variant<Ready, TaskResult>;

// A run as announced on a queue.
struct RunInfo {
  std::string version{};  // of the run's program; workers must have the same
  std::string job{};
  WorkSettings settings{};
  std::vector<std::string> principals{};  // identities of the principals, in order
  std::chrono::milliseconds lease{};      // of a claimed task
  Bytes memory{};                         // limit of each worker process

  friend bool operator==(const RunInfo&, const RunInfo&) = default;
};

// The members of every message in wire order; packer and unpacker both use these lists.  Any change
// here changes the wire format; run and worker must have the same version.

template <class Walker>
void walk(Walker& w, Request& it) {
  w.list(it.kind, it.target, it.page, it.last_announced, it.is_extra, it.redirects, it.etag,
         it.next, it.last_known);
}

// Without `sent`, because each machine has its own clock, and without `subject`, which only the
// plan knows; the run restores both.
template <class Walker>
void walk(Walker& w, Task& it) {
  w.list(it.id, it.login, it.request, it.attempt, it.principal, it.was_refused, it.was_missing,
         it.generation, it.losses, it.crashes, it.timed_out, it.resource);
}

// Without `started`, for the same reason.
template <class Walker>
void walk(Walker& w, Timing& it) {
  w.list(it.started_at, it.name_lookup, it.connect, it.tls, it.first_byte, it.total);
}

template <class Walker>
void walk(Walker& w, RequestLog& it) {
  w.list(it.page, it.attempt, it.status, it.bytes, it.http_version, it.timing, it.outcome,
         it.error);
}

template <class Walker>
void walk(Walker& w, Validator& it) {
  w.list(it.principal, it.etag, it.target, it.next);
}

template <class Walker>
void walk(Walker& w, Page& it) {
  w.list(it.number, it.state, it.rows, it.skipped, it.not_modified_records, it.digest, it.validator,
         it.skipped_ids, it.unnamed_skips, it.skip_note, it.partial, it.dropped_ids);
}

template <class Walker>
void walk(Walker& w, PageRead& it) {
  w.list(it.page, it.follow_ups, it.total);
}

template <class Walker>
void walk(Walker& w, Redirect& it) {
  w.list(it.target);
}

template <class Walker>
void walk(Walker& w, Account& it) {
  w.list(it.id, it.login);
}

template <class Walker>
void walk(Walker& w, Failure& it) {
  w.list(it.kind, it.message);
}

template <class Walker>
void walk(Walker& w, Quota& it) {
  w.list(it.limit, it.remaining, it.window, it.resets_in);
}

template <class Walker>
void walk(Walker& w, RateLimitInfo& it) {
  w.list(it.quota, it.wait, it.token_ends_in, it.note);
}

// The task is sent as its number and its resource, which says how the records are read; the run has
// the rest.
template <class Walker>
void walk(Walker& w, TaskResult& it) {
  w.list(it.task.id, it.task.resource, it.log, it.result, it.rate_limits, it.parse);
}

template <class Walker>
void walk(Walker& w, TransformStep& it) {
  w.list(it.name, it.columns);
}

template <class Walker>
void walk(Walker& w, WorkSettings& it) {
  w.list(it.provider, it.base_url, it.per_page, it.engine, it.concurrency, it.parse_concurrency,
         it.timeout, it.max_body.count, it.ca_file, it.transforms);
}

template <class Walker>
void walk(Walker& w, Configure& it) {
  w.list(it.settings, it.tokens);
}

template <class Walker>
void walk(Walker& w, WithdrawWaiting&) {
  w.list();
}

template <class Walker>
void walk(Walker& w, Ready& it) {
  w.list(it.version);
}

template <class Walker>
void walk(Walker& w, RunInfo& it) {
  w.list(it.version, it.job, it.settings, it.principals, it.lease, it.memory.count);
}

// The highest value of each enumeration in a message.
constexpr RequestKind last_of(RequestKind) {
  return RequestKind::owner;
}
constexpr PageState last_of(PageState) {
  return PageState::not_modified;
}
constexpr FailureKind last_of(FailureKind) {
  return FailureKind::internal;
}
constexpr EngineKind last_of(EngineKind) {
  return EngineKind::threads;
}

}  // namespace repopipe
