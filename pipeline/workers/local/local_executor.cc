#include "pipeline/workers/local/local_executor.h"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/flow_graph.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "pipeline/base/message.h"
#include "pipeline/base/thread.h"
#include "pipeline/model/transform.h"
#include "stages/fetch/http_client.h"
#include "stages/parse/parse.h"
#include "stages/parse/rest.h"

namespace repopipe {
namespace {

HttpOptions http_options(const WorkSettings& settings, const Provider& provider,
                         std::vector<std::string> tokens, std::string_view version) {
  HttpOptions options{.base_url = settings.base_url,
                      .headers = {},
                      .tokens = std::move(tokens),
                      .user_agent = fmt::format("repopipe/{}", version),
                      .ca_file = settings.ca_file,
                      .timeout = settings.timeout,
                      .max_body = settings.max_body,
                      .concurrency = settings.concurrency};
  options.headers.assign(provider.headers.begin(), provider.headers.end());
  return options;
}

std::unique_ptr<HttpClient> make_engine(EngineKind kind, HttpOptions options, const Clock& clock) {
  switch (kind) {
    case EngineKind::event_loop:
      return make_event_loop_engine(std::move(options), clock);
    case EngineKind::threads:
      return make_threads_engine(std::move(options), clock);
  }
  return nullptr;
}

}  // namespace

Result<LocalParts> LocalParts::open(const WorkSettings& settings, std::vector<std::string> tokens,
                                    std::string_view version, const Clock& clock,
                                    std::function<void(const std::string&)> warn) {
  const Provider* provider = find_provider(settings.provider);
  if (provider == nullptr) return fail(FailureKind::internal, "no provider " + settings.provider);
  HttpOptions options = http_options(settings, *provider, std::move(tokens), version);
  options.warn = std::move(warn);
  return LocalParts{.protocol = std::make_unique<RestProtocol>(
                        *provider, ProtocolSettings{settings.base_url, settings.per_page}),
                    .engine = make_engine(settings.engine, std::move(options), clock),
                    .max_body = settings.max_body,
                    .parse_concurrency = settings.parse_concurrency,
                    .transforms = settings.transforms};
}

namespace {

// The result of a task whose page caused an exception: counted like a crash of its worker.
TaskResult crashed_over(const FetchResult& fetched, const Failure& failure) {
  TaskResult result = unfinished(fetched.task->task(), failure);
  result.log.timing = fetched.timing;
  if (fetched.response) result.log.status = fetched.response->status;
  if (fetched.response) result.log.bytes = fetched.response->wire_bytes;
  return result;
}

}  // namespace

// Limits TBB to as many threads as can be started now.  TBB starts threads at any time, and is
// unusable after one could not be started.
class ParseThreads {
 public:
  explicit ParseThreads(const std::function<void(const std::string&)>& warn) {
    const auto wanted = static_cast<std::size_t>(std::max(tbb::info::default_concurrency() - 1, 1));
    const std::size_t startable = startable_threads(wanted);
    are_none_ = startable == 0;
    if (startable < wanted) {
      limit_.emplace(tbb::global_control::max_allowed_parallelism, startable + 1);
      warn(
          fmt::format("pages are parsed on {} of {} threads: no more can be started, see ulimit -u "
                      "and ulimit -v, or TasksMax of the service",
                      startable + 1, wanted + 1));
    }
    // Creates the arena of this thread.  A graph created on it later uses the same arena, as does
    // the graph of the run: where TBB has no other thread, the one that waits for the run parses.
    tbb::this_task_arena::isolate([] {});
  }

  bool are_none() const { return are_none_; }

 private:
  std::optional<tbb::global_control> limit_;
  bool are_none_ = false;
};

class LocalExecutor::Graph {
 public:
  using Pending = std::shared_ptr<PendingTask>;

  struct Parsed {
    Pending task;
    TaskResult result;
  };

  // The body only submits to another thread.  It is noexcept, so oneTBB runs it within try_put as a
  // lightweight node, and a task put before `cancel_queued` is submitted before it.
  using FetchNode = tbb::flow::async_node<Message<Pending>, Message<FetchResult>,
                                          tbb::flow::queueing_lightweight>;
  using ParseNode = tbb::flow::function_node<Message<FetchResult>, Message<Parsed>>;
  using CompleteNode =
      tbb::flow::function_node<Message<Parsed>, tbb::flow::continue_msg, tbb::flow::lightweight>;

  Graph(LocalParts parts, const Clock& clock, const std::function<void(const std::string&)>& warn)
      : parts_(std::move(parts)),
        clock_(clock),
        threads_(warn),
        fetch_(graph_, tbb::flow::unlimited,
               [this](const Message<Pending>& message, FetchNode::gateway_type& gateway) noexcept {
                 or_end([&] { fetch(std::move(*message.take()), gateway); });
               }),
        parse_(
            graph_, static_cast<std::size_t>(parts_.parse_concurrency),
            [this](const Message<FetchResult>& message) noexcept {
              return or_end([&] { return Message<Parsed>(std::in_place, parse(*message.take())); });
            }),
        complete_(graph_, tbb::flow::unlimited, [](const Message<Parsed>& message) noexcept {
          const auto parsed = message.take();
          parsed->task->complete(std::move(parsed->result));
        }) {
    tbb::flow::make_edge(fetch_, parse_);
    tbb::flow::make_edge(parse_, complete_);
  }
  ~Graph() {
    parts_.engine.reset();
    graph_.wait_for_all();
  }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  void submit(Pending task) {
    const Message<Pending> message(std::in_place, std::move(task));
    or_end([&] { fetch_.try_put(message); });
  }

  void cancel_queued() { parts_.engine->cancel_queued(); }

 private:
  void fetch(Pending task, FetchNode::gateway_type& gateway) {
    gateway.reserve_wait();  // keeps the graph alive until the response arrives
    parts_.engine->submit(std::move(task), [this, &gateway](FetchResult fetched) {
      or_end([&] {
        if (threads_.are_none()) {
          parse_here(std::move(fetched));
        } else {
          gateway.try_put(Message<FetchResult>(std::in_place, std::move(fetched)));
        }
        gateway.release_wait();
      });
    });
  }

  // Runs on a thread of the HTTP client.
  void parse_here(FetchResult fetched) {
    Parsed parsed = parse(fetched);
    parsed.task->complete(std::move(parsed.result));
  }

  // An exception fails the task, not the run.
  Parsed parse(FetchResult& fetched) {
    try {
      TaskResult result =
          parse_response(fetched, *parts_.protocol, parts_.max_body, clock_, scratch_.local());
      // Transforms are of repositories.
      const bool is_of_users = fetched.task->task().resource == kRepositoriesId;
      if (result.result && is_of_users) transform_page(*result.result);
      return {std::move(fetched.task), std::move(result)};
    } catch (...) {
      return {fetched.task, crashed_over(fetched, caught_over_task())};
    }
  }

  void transform_page(Answer& answer) const {
    if (auto* read = std::get_if<PageRead>(&answer)) transform(read->page, parts_.transforms);
  }

  LocalParts parts_;
  const Clock& clock_;
  const ParseThreads threads_;  // must outlive the graph
  tbb::enumerable_thread_specific<ParseScratch> scratch_;
  tbb::flow::graph graph_;
  FetchNode fetch_;
  ParseNode parse_;
  CompleteNode complete_;
};

LocalExecutor::LocalExecutor(LocalParts parts, const Clock& clock,
                             const std::function<void(const std::string&)>& warn)
    : graph_(std::make_unique<Graph>(std::move(parts), clock, warn)) {}

LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::submit(std::shared_ptr<PendingTask> task) {
  graph_->submit(std::move(task));
}

void LocalExecutor::cancel_queued() {
  graph_->cancel_queued();
}

}  // namespace repopipe
