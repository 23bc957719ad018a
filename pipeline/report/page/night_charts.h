// Charts of the report page as inline SVG: columns of many nights, and the histogram of response
// times.  Bars are paths in a stretched coordinate system, so that a page of a year stays small.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/report/page/night_words.h"

namespace repopipe {

struct Series {
  std::string style;  // CSS class, which has the colour
  std::string name;
  std::vector<double> values;  // one per night
  bool below = false;          // drawn below the zero line
};

struct NightsChart {
  std::string id;  // unique on the page
  std::string title;
  std::string words;  // what is shown, for those who do not see it
  std::vector<Series> series;
  std::vector<std::string> days;  // label of each night
  std::vector<bool> unfinished;   // marked with a cross
  std::function<std::string(double)> show;
  bool is_time = false;  // grid lines at whole seconds, minutes or hours
};

// Values above three times the 90th percentile are cut, and labelled with their value.
std::string nights_chart(const NightsChart& chart);

// With a mark for the usual share of each interval.
std::string latency_chart(const Latencies& counts, const Usual& usual);

// The largest value of the axis, see nights_chart.
double axis_end(std::vector<double> values);

// The distance of grid lines so that there are one to four.
double grid_step(double end, bool is_time);

}  // namespace repopipe
