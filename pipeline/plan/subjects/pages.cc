#include "pipeline/plan/subjects/pages.h"

#include <fmt/format.h>

#include <utility>

namespace repopipe {
namespace {

bool has_no_records(const Page& page) {
  return page.state == PageState::read && page.rows.rows() == 0 && page.skipped == 0 &&
         page.skipped_ids.empty() && page.unnamed_skips == 0 && page.dropped_ids.empty();
}

Failure noted(SubjectState& subject, std::string message) {
  Failure failure{FailureKind::incomplete_list, std::move(message)};
  RequestLog& log = subject.listing.request_logs.back();
  log.outcome = policy_of(failure.kind).name;
  log.error = failure.message;
  return failure;
}

// Records were added or deleted between two pages, so one may have moved past both.
ListChanged total_changed(SubjectState& subject, const Task& task, std::uint64_t total,
                          const PageRules& rules) {
  return {
      noted(subject, fmt::format("{}: page {} is of a list of {} {}, and others of {}", task.login,
                                 task.request.page, total, rules.records, *subject.total))};
}

// Records are known, or the API has announced some, so an empty page is a failure.  A later page
// that an earlier run knew may be gone, and a first page that is unchanged does not tell.  Read
// without ETags, the first page announces all pages.
PageStep refuse_empty(SubjectState& subject, const Task& task, const PageRules& rules) {
  const std::string why =
      task.request.page <= 1
          ? fmt::format("but {} {} are known", subject.subject.known_records, rules.records)
          : std::string("but the list goes on there");
  Failure failure =
      noted(subject, fmt::format("{}: page {} is empty, {}", task.login, task.request.page, why));
  const bool was_known = task.request.page > 1 && subject.known_page(task.request) != nullptr;
  if (!was_known || task.attempt >= rules.attempts) return PageRefused{std::move(failure)};
  subject.subject.pages.clear();
  return ReadWithoutEtags{};
}

// An empty first page is believed if the list was empty in the last attempt, and in the run before.
bool is_believed(SubjectState& subject, const Task& task, const PageRules& rules) {
  subject.listing.came_empty = task.request.page <= 1 && task.attempt >= rules.attempts;
  return subject.listing.came_empty && subject.subject.empty_before_run;
}

}  // namespace

// A partial list is reported as partial, and proves nothing about what it leaves out.
PageStep accept_page(SubjectState& subject, const Task& task, PageRead& read,
                     const PageRules& rules) {
  if (subject.total && read.total && *subject.total != *read.total) {
    return total_changed(subject, task, *read.total, rules);
  }
  if (read.total) subject.total = read.total;
  const bool is_explained = !read.page.partial.empty() || read.total.value_or(0) > 0;
  const bool is_doubtful =
      !is_explained && has_no_records(read.page) && subject.expects_records(task.request);
  if (is_doubtful && !is_believed(subject, task, rules)) {
    return refuse_empty(subject, task, rules);
  }
  if (!read.page.partial.empty()) subject.listing.incomplete = read.page.partial;
  const auto added = subject.add(std::move(read.page), rules.etag_owner);
  if (!added) return added.error();
  return PageCollected{std::move(read.follow_ups)};
}

std::optional<Failure> check_whole_list(SubjectState& subject, std::string_view records) {
  if (subject.shows_nothing()) {
    return Failure{FailureKind::blocked,
                   fmt::format("{}: nothing is visible: the API counts {} {} and shows none",
                               subject.listing.login, *subject.total, records)};
  }
  subject.count_hidden();
  return std::nullopt;
}

}  // namespace repopipe
