#include "pipeline/plan/notices.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace repopipe {
namespace {

constexpr int kMostSaid = 10;
// A shorter wait for the job's own limits is not told.
constexpr Duration kShortestTold = std::chrono::seconds(10);
constexpr Duration kBetweenNoticesOfWaiting = std::chrono::minutes(1);
// Of different ones.
constexpr std::size_t kMostRemarks = 20;

int skipped_on(const Page& page) {
  return static_cast<int>(page.skipped_ids.size()) + page.unnamed_skips;
}

}  // namespace

void RepeatedWarning::say(std::deque<Notice>& notices, std::string text) {
  if (said_ >= kMostSaid) {
    ++more_;
    return;
  }
  ++said_;
  notices.push_back({Severity::warning, std::move(text)});
}

void RepeatedWarning::say_rest(std::deque<Notice>& notices) {
  if (more_ == 0) return;
  notices.push_back(
      {Severity::warning, fmt::format("{} more user{} {}", more_, more_ == 1 ? "" : "s", of_)});
  more_ = 0;
}

void Notices::add_once(const std::string& remark) {
  if (remark.empty() || told_.size() >= kMostRemarks || !told_.insert(remark).second) return;
  add({Severity::remark, remark});
}

void Notices::add_what_lacks(const Listing& listing) {
  const auto said = [](const Page& page) { return !page.partial.empty(); };
  if (const auto page = std::ranges::find_if(listing.pages, said); page != listing.pages.end()) {
    partial_lists_.say(waiting_,
                       fmt::format("{}: the list is partial: {}", listing.login, page->partial));
  }
  int skipped = 0;
  const Page* first = nullptr;
  for (const Page& page : listing.pages) {
    skipped += skipped_on(page);
    if (first == nullptr && !page.skip_note.empty()) first = &page;
  }
  if (first == nullptr) return;
  skipped_records_.say(
      waiting_, skipped == 1
                    ? fmt::format("{}: 1 record was skipped: {}", listing.login, first->skip_note)
                    : fmt::format("{}: {} records were skipped: {}", listing.login, skipped,
                                  first->skip_note));
}

void Notices::add_rest() {
  partial_lists_.say_rest(waiting_);
  skipped_records_.say_rest(waiting_);
}

Notice Notices::take() {
  Notice first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

Notice WaitNotices::tell(WaitCause cause, std::string words, Time goes_on, Time now) {
  next_ = now + kBetweenNoticesOfWaiting;
  return {.text = "waiting: " + std::move(words),
          .goes_on = goes_on,
          .event = NoticeEvent::waiting,
          .cause = cause};
}

bool WaitNotices::is_rate_limit_due(Time goes_on, Time now) const {
  return goes_on != Time::max() && goes_on - now >= kShortestTold && now >= told_until_;
}

Notice WaitNotices::tell_rate_limit(WaitCause cause, std::string words, Time goes_on) {
  told_until_ = goes_on;
  return {.text = "waiting: " + std::move(words),
          .goes_on = goes_on,
          .is_again = std::exchange(has_told_, true),
          .event = NoticeEvent::waiting,
          .cause = cause};
}

}  // namespace repopipe
