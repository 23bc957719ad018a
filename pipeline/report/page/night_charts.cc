#include "pipeline/report/page/night_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pipeline/report/figures.h"
#include "pipeline/report/html.h"

namespace repopipe {
namespace {

constexpr double kTop = 16, kPlot = 104, kBottom = 20;  // pixels
constexpr double kColumn = 10, kGap = 2;                // of one night, stretched

struct Scale {
  double above = 0, below = 0;  // ends of the axis

  double zero() const { return kTop + kPlot * above / std::max(above + below, 1e-9); }
  double height(double value) const { return kPlot * value / std::max(above + below, 1e-9); }
};

std::vector<double> sums(const NightsChart& chart, bool below) {
  std::vector<double> sums(chart.days.size());
  for (const Series& series : chart.series) {
    if (series.below != below) continue;
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += series.values[i];
  }
  return sums;
}

// The bar of a column as a path.
std::string rectangle(std::size_t column, double y, double height, int digits) {
  return fmt::format("M{:g},{:.{}f}h{:g}v{:.{}f}h-{:g}",
                     kColumn * static_cast<double>(column) + kGap / 2, y, digits, kColumn - kGap,
                     height, digits, kColumn - kGap);
}

// The bars of one series; `done` has the part of each column that is already drawn.
std::string bars_of(const Series& series, const Scale& scale, std::vector<double>& done) {
  std::string path;
  const double end = series.below ? scale.below : scale.above;
  const int digits = done.size() > 60 ? 0 : 1;  // a year needs no parts of a pixel
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const double from = std::min(done[i], end), to = std::min(done[i] + series.values[i], end);
    done[i] += series.values[i];
    const double height = scale.height(to - from);
    if (height < 0.3) continue;
    const double y =
        series.below ? scale.zero() + scale.height(from) : scale.zero() - scale.height(to);
    path += rectangle(i, y, height, digits);
  }
  return path.empty() ? "" : fmt::format("<path class=\"{}\" d=\"{}\"/>", series.style, path);
}

// "x%" of the middle of a column.
double middle(std::size_t column, std::size_t columns) {
  return 100 * (static_cast<double>(column) + 0.5) / static_cast<double>(columns);
}

std::string_view anchor_of(double x) {
  if (x < 8) return "start";
  return x > 92 ? "end" : "middle";
}

std::string text_at(double x, double y, std::string_view style, std::string_view text) {
  return fmt::format("<text class=\"{}\" x=\"{:.2f}%\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>",
                     style, x, y, anchor_of(x), escape_html(text));
}

// Breaks in the columns that are cut, and their values.
std::string cuts_of(const NightsChart& chart, const Scale& scale, std::string& labels) {
  std::string path;
  const auto all = sums(chart, false);
  constexpr std::size_t kMostLabels = 6;
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] <= scale.above * 1.0001) continue;
    path += fmt::format("M{:g},{:g}h{:g}v2h-{:g}z", kColumn * static_cast<double>(i), kTop + 8,
                        kColumn, kColumn);
    if (++count <= kMostLabels) {
      labels += text_at(middle(i, all.size()), kTop - 4, "cut-label", chart.show(all[i]));
    }
  }
  return path.empty() ? "" : fmt::format("<path class=\"cut\" d=\"{}\"/>", path);
}

std::string grid_of(const NightsChart& chart, const Scale& scale) {
  std::string svg;
  const double step = grid_step(std::max(scale.above, scale.below), chart.is_time);
  const auto line = [&](double value, double y) {
    svg += fmt::format("<line class=\"{0}\" x1=\"0\" x2=\"100%\" y1=\"{1:.1f}\" y2=\"{1:.1f}\"/>",
                       value == 0 ? "zero" : "grid", y);
    if (value > 0) {
      std::string label = chart.show(value);
      if (const auto zero = label.find(".0 "); zero != label.npos) label.erase(zero, 2);
      svg += fmt::format("<text class=\"axis\" x=\"-6\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                         y + 4, escape_html(label));
    }
  };
  for (double value = 0; value <= scale.above; value += step) {
    line(value, scale.zero() - scale.height(value));
  }
  for (double value = step; value <= scale.below; value += step) {
    line(value, scale.zero() + scale.height(value));
  }
  return svg;
}

// Some four days, the last always.
std::string days_of(const NightsChart& chart) {
  std::string svg;
  const std::size_t count = chart.days.size();
  const std::size_t step = std::max<std::size_t>(1, (count + 3) / 4);
  for (std::size_t back = 0; back < count; back += step) {
    const std::size_t at = count - 1 - back;
    svg += text_at(middle(at, count), kTop + kPlot + 15, "axis", chart.days[at]);
  }
  return svg;
}

std::string legend_of(const NightsChart& chart) {
  std::string list = "<ul class=\"legend\">";
  for (const Series& series : chart.series) {
    list += fmt::format("<li><span class=\"{}\"></span>{}</li>", series.style,
                        escape_html(series.name));
  }
  if (std::ranges::count(chart.unfinished, true) > 0) {
    list += "<li><b class=\"cross\">\u00d7</b>did not finish</li>";
  }
  return list + "</ul>\n";
}

std::string svg_head(std::string_view id, std::string_view title, std::string_view words,
                     double height) {
  return fmt::format(
      "<svg class=\"nights\" role=\"img\" aria-labelledby=\"{0}-title {0}-words\" width=\"100%\" "
      "height=\"{1:g}\">\n<title id=\"{0}-title\">{2}</title><desc id=\"{0}-words\">{3}</desc>\n",
      id, height, escape_html(title), escape_html(words));
}

std::string stretched(std::size_t columns, const std::string& paths) {
  return fmt::format(
      "<svg viewBox=\"0 0 {0:g} {1:g}\" width=\"100%\" height=\"{1:g}\" "
      "preserveAspectRatio=\"none\">{2}</svg>",
      kColumn * static_cast<double>(columns), kTop + kPlot + kBottom, paths);
}

}  // namespace

double axis_end(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const double most = values.back();
  const double high = values[(values.size() - 1) * 9 / 10];
  return high > 0 && most > 3 * high ? 1.5 * high : most;
}

double grid_step(double end, bool is_time) {
  if (is_time) {
    constexpr std::array kSteps{1.,  2.,    5.,    10.,   20.,   50.,   100., 200.,  500.,
                                1e3, 2e3,   5e3,   1e4,   2e4,   3e4,   6e4,  1.2e5, 3e5,
                                6e5, 1.2e6, 1.8e6, 3.6e6, 7.2e6, 1.8e7, 3.6e7};
    for (const double step : kSteps) {
      if (end / step < 3) return step;
    }
  }
  double step = 1;
  while (end / step >= 3) {
    if (end / (step * 2) < 3) return step * 2;
    if (end / (step * 5) < 3) return step * 5;
    step *= 10;
  }
  return step;
}

std::string nights_chart(const NightsChart& chart) {
  const std::size_t count = chart.days.size();
  const Scale scale{axis_end(sums(chart, false)), axis_end(sums(chart, true))};
  std::string paths = fmt::format("<path class=\"tonight\" d=\"M{:g},{:g}h{:g}v{:g}h-{:g}z\"/>",
                                  kColumn * static_cast<double>(count - 1), kTop - 16, kColumn,
                                  kPlot + 16, kColumn);
  std::vector<double> above(count), below(count);
  for (const Series& series : chart.series) {
    paths += bars_of(series, scale, series.below ? below : above);
  }
  std::string labels;
  paths += cuts_of(chart, scale, labels);
  for (std::size_t i = 0; i < count; ++i) {
    if (chart.unfinished[i])
      labels += text_at(middle(i, count), scale.zero() - 3, "cross", "\u00d7");
  }
  return svg_head(chart.id, chart.title, chart.words, kTop + kPlot + kBottom) +
         grid_of(chart, scale) + stretched(count, paths) + labels + days_of(chart) + "</svg>\n" +
         legend_of(chart);
}

namespace {

constexpr std::array kIntervals{"50 ms", "0.1 s", "0.2 s", "0.5 s", "1 s",
                                "2 s",   "5 s",   "10 s",  "more"};

std::string percent(double share) {
  if (share > 0 && share < 0.01) return "< 1 %";
  return fmt::format("{:.0f} %", 100 * share);
}

using Shares = std::array<double, std::tuple_size_v<Latencies>>;

// All 0: there was no response.
Shares shares_of(const Latencies& counts) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : counts) all += count;
  Shares shares{};
  for (std::size_t i = 0; i < counts.size() && all > 0; ++i) {
    shares.at(i) = static_cast<double>(counts.at(i)) / static_cast<double>(all);
  }
  return shares;
}

std::string label_of(double at, double y, std::string_view style, std::string_view text) {
  return fmt::format(
      "<text class=\"{}\" x=\"{:.2f}%\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>", style, at,
      y, escape_html(text));
}

std::string latency_bars(const Shares& shares, const Usual& usual, std::size_t columns) {
  const Scale scale{1, 0};
  std::string bars, marks, labels;
  for (std::size_t i = 0; i < columns; ++i) {
    const double share = shares.at(i), before = usual.latency_shares.at(i);
    bars += rectangle(i, scale.zero() - scale.height(share), scale.height(share), 1);
    if (usual.nights > 0) {
      marks += fmt::format("M{:g},{:.1f}h{:g}v2h-{:g}z", kColumn * static_cast<double>(i),
                           scale.zero() - 1 - scale.height(before), kColumn, kColumn);
    }
    const double at = middle(i, columns);
    // Above the mark, unless that is far from the bar.
    const double top = before > share && before < share + 0.2 ? before : share;
    labels += label_of(at, scale.zero() - scale.height(top) - 5, "share", percent(share));
    labels += label_of(at, kTop + kPlot + 15, "axis", kIntervals.at(i));
  }
  return stretched(columns, fmt::format("<path class=\"fetching\" d=\"{}\"/>"
                                        "<path class=\"usual\" d=\"{}\"/>",
                                        bars, marks)) +
         labels;
}

}  // namespace

std::string latency_chart(const Latencies& counts, const Usual& usual) {
  const Shares shares = shares_of(counts);
  if (shares == Shares{}) return "<p class=\"soft\">There was no response.</p>\n";
  std::size_t columns = 4;  // without the slow intervals that nobody needs
  std::string words;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares.at(i) > 0 || usual.latency_shares.at(i) > 0) columns = std::max(columns, i + 1);
    words += fmt::format("{}{}: {}, usually {}", i == 0 ? "" : "; ", kIntervals.at(i),
                         percent(shares.at(i)), percent(usual.latency_shares.at(i)));
  }
  std::string legend = "<ul class=\"legend\"><li><span class=\"fetching\"></span>this night</li>";
  if (usual.nights > 0) legend += "<li><span class=\"usual\"></span>usually</li>";
  return svg_head("latency", "Share of the responses by time, up to", words,
                  kTop + kPlot + kBottom) +
         latency_bars(shares, usual, columns) + "</svg>\n" + legend + "</ul>\n";
}

}  // namespace repopipe
