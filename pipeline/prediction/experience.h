// What the last nights of a job say about the next one.  Medians, so that one night with an outage
// or a new token counts little.
#pragma once

#include <vector>

#include "storage/prediction/known_lists.h"
#include "storage/prediction/past_nights.h"

namespace repopipe {

// Of the users with one page, or of those with several.
struct PageRates {
  double requests = 1;  // a page: above 1 for retries and second readings
  double free = 0;      // share of the known pages that is not modified
};

struct Experience {
  std::size_t nights = 0;
  bool knows_free = false;  // some night requested known pages
  PageRates single{};
  PageRates several{};
  double mean_pages = 1.25;  // of a user; as assumed until 100 users are known
  // Seconds.
  double not_modified = 0.1;  // response time of 304
  double response = 0.1;      // response time of all others
  double store = 0;           // the store's time for a request
  double overhead = 0;        // before the first request and after the last response
  double parallel = 0;        // requests in flight at a time; 0: unknown
};

Experience experience_of(const std::vector<PastNight>& nights, const KnownLists& lists);

}  // namespace repopipe
