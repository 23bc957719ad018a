#include "pipeline/source/login_check.h"

#include <fmt/format.h>

#include <utility>

#include "pipeline/base/units.h"
#include "pipeline/source/login.h"

namespace repopipe {
namespace {

constexpr std::uint64_t kMostReported = 20;

}  // namespace

bool LoginCheck::check(std::string_view text, Position at) {
  if (is_login(text)) {
    ++good_;
    hash_.add(text);
    hash_.add('\n');
    return true;
  }
  if (bad_ >= kMostReported) {
    ++bad_;
    return false;
  }
  refuse(at, *complaint_about_login(text));
  return false;
}

void LoginCheck::refuse(Position at, std::string message) {
  if (++bad_ <= kMostReported) diagnostics_.add(place_, at, std::move(message));
}

void LoginCheck::finish() {
  if (bad_ <= kMostReported) return;
  const std::uint64_t more = bad_ - kMostReported;
  diagnostics_.add(place_, {},
                   fmt::format("and {} more of its entries {} not {}", show(more),
                               more == 1 ? "is" : "are", more == 1 ? "a username" : "usernames"));
}

}  // namespace repopipe
