// A task that waits in an HTTP client, with its callback.
#pragma once

#include <memory>
#include <utility>

#include "pipeline/model/interfaces.h"

namespace repopipe {

// The result of a task without a response.
inline Fetched unfetched(std::shared_ptr<PendingTask> task, Failure failure) {
  return {.task = std::move(task), .response = fail(std::move(failure)), .timing = {}};
}

// If it is destroyed without `tell`, for example by an exception, its task fails as `internal`.
// `done` must not throw.
struct QueuedRequest {
  QueuedRequest(std::shared_ptr<PendingTask> its_task, HttpClient::Done whom)
      : task(std::move(its_task)), done(std::move(whom)) {}
  QueuedRequest(QueuedRequest&& other) noexcept
      : task(std::move(other.task)), done(std::exchange(other.done, nullptr)) {}
  QueuedRequest& operator=(QueuedRequest&& other) noexcept {
    const QueuedRequest before(std::move(*this));
    task = std::move(other.task);
    done = std::exchange(other.done, nullptr);
    return *this;
  }
  ~QueuedRequest() {
    if (done) tell(unfetched(std::move(task), {FailureKind::internal, "a task was lost"}));
  }

  // Call it once; the task may have been moved into `fetched`.
  void tell(Fetched fetched) { std::exchange(done, nullptr)(std::move(fetched)); }
  void give_up(const Failure& failure) { tell(unfetched(std::move(task), failure)); }

  std::shared_ptr<PendingTask> task;
  HttpClient::Done done;
};

}  // namespace repopipe
