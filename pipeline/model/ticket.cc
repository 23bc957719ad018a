#include "pipeline/model/ticket.h"

#include <fmt/format.h>

namespace repopipe {

std::string noun_of(const Ticket& ticket) {
  switch (ticket.request.kind) {
    case RequestKind::page:
      return fmt::format("{} page {}", ticket.login, ticket.request.page);
    case RequestKind::account:
      return fmt::format("{}, {}", ticket.login, ticket.request.target);
    case RequestKind::owner:
      return ticket.request.target;
  }
  return ticket.login;
}

}  // namespace repopipe
