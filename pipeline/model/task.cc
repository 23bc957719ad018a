#include "pipeline/model/task.h"

#include <fmt/format.h>

namespace repopipe {

std::string noun_of(const Task& task) {
  switch (task.request.kind) {
    case RequestKind::page:
      return fmt::format("{} page {}", task.login, task.request.page);
    case RequestKind::account:
      return fmt::format("{}, {}", task.login, task.request.target);
    case RequestKind::owner:
      return task.request.target;
  }
  return task.login;
}

}  // namespace repopipe
