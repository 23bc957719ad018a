#include "pipeline/prediction/experience.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace repopipe {
namespace {

constexpr std::uint64_t kEnoughUsers = 100;

using Figure = std::function<std::optional<double>(const PastNight&)>;

// In ascending order; of the nights that have the figure.
std::vector<double> sorted_values(const std::vector<PastNight>& nights, const Figure& figure) {
  std::vector<double> values;
  values.reserve(nights.size());
  for (const PastNight& night : nights) {
    if (const auto value = figure(night)) values.push_back(*value);
  }
  std::ranges::sort(values);
  return values;
}

// Nothing: no night has the figure.
std::optional<double> median(const std::vector<PastNight>& nights, const Figure& figure) {
  const auto values = sorted_values(nights, figure);
  if (values.empty()) return std::nullopt;
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::optional<double> ratio(double part, double whole) {
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

std::optional<double> above_zero(double value) {
  return value > 0 ? std::optional(value) : std::nullopt;
}

double as_real(std::uint64_t count) {
  return static_cast<double>(count);
}

std::optional<double> free_of_single(const PastNight& night) {
  if (!night.has_users) return std::nullopt;
  return ratio(as_real(night.single.unchanged), as_real(night.single.known));
}

// What is left of all 304: users with several pages may have some that are not modified.  Other
// users, such as renamed ones, are assumed to be like those with one page.
std::optional<double> free_of_several(const PastNight& night) {
  if (!night.has_users) return std::nullopt;
  const double others = as_real(night.other_pages) * free_of_single(night).value_or(0);
  const double left =
      as_real(night.run.totals.not_modified) - as_real(night.single.unchanged) - others;
  const auto share = ratio(left, as_real(night.several.known));
  return share ? std::optional(std::clamp(*share, 0.0, 1.0)) : share;
}

double requests_a_page(const std::vector<PastNight>& nights, ListedPages PastNight::*listed) {
  const auto figure = [&](const PastNight& night) {
    const ListedPages& pages = night.*listed;
    return night.has_users ? ratio(as_real(pages.requests), as_real(pages.pages)) : std::nullopt;
  };
  return std::max(1.0, median(nights, figure).value_or(1));
}

// The first night of a list has no second readings.
std::vector<PastNight> with_known_pages(const std::vector<PastNight>& nights) {
  std::vector<PastNight> some;
  std::ranges::copy_if(nights, std::back_inserter(some), [](const PastNight& night) {
    return night.has_users && 2 * (night.single.known + night.several.known) >=
                                  night.single.pages + night.several.pages;
  });
  return some.empty() ? nights : some;
}

double mean_pages_of(const KnownLists& lists) {
  std::uint64_t users = 0, pages = 0;
  for (const auto& [key, known] : lists.by_key) {
    const std::uint32_t count = known.pages > 0 ? known.pages : known.listed;
    if (count == 0) continue;
    ++users;
    pages += count;
  }
  return users < kEnoughUsers ? Experience{}.mean_pages : as_real(pages) / as_real(users);
}

// Milliseconds of the parts of the run without requests, but for waits.
std::optional<double> overhead_of(const PastNight& night) {
  const auto& parts = night.run.parts_ms;
  return parts[0] + parts[2] + parts[4];
}

// Seconds.  Most nights end with the same short waits; a user that fails at last adds to some.
double usual_retry_wait(const std::vector<PastNight>& nights) {
  const auto waits =
      sorted_values(nights, [](const PastNight& night) { return std::optional(night.retry_ms); });
  return waits.empty() ? 0 : waits[(waits.size() - 1) / 4] / 1e3;
}

}  // namespace

Experience experience_of(const std::vector<PastNight>& nights, const KnownLists& lists) {
  Experience past{.nights = nights.size(), .mean_pages = mean_pages_of(lists)};
  const auto later = with_known_pages(nights);
  past.single.requests = requests_a_page(later, &PastNight::single);
  past.several.requests = requests_a_page(later, &PastNight::several);
  const auto single = median(later, free_of_single), several = median(later, free_of_several);
  past.knows_free = single || several;
  past.single.free = single.value_or(several.value_or(0));
  past.several.free = several.value_or(single.value_or(0));
  const auto other = median(nights, [](const auto& night) { return above_zero(night.other_ms); });
  const auto not_modified =
      median(nights, [](const auto& night) { return above_zero(night.not_modified_ms); });
  past.response = other.value_or(not_modified.value_or(1e3 * past.response)) / 1e3;
  past.not_modified = not_modified.value_or(1e3 * past.response) / 1e3;
  const auto store = [](const auto& night) {
    return ratio(night.store_busy_ms, as_real(night.run.totals.requests));
  };
  past.store = median(later, store).value_or(0) / 1e3;
  past.overhead = median(later, overhead_of).value_or(0) / 1e3 + usual_retry_wait(nights);
  const auto parallel = [](const auto& night) {
    return ratio(night.fetch_busy_ms, night.run.parts_ms[1]);
  };
  past.parallel = median(nights, parallel).value_or(0);
  return past;
}

}  // namespace repopipe
