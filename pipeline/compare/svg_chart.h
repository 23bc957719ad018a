// Bars as inline SVG for the HTML page: as wide as the page, with text of the page's size on any
// screen, and with words for those who do not see it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// Text as it can stand in HTML, in attributes too.
std::string escape_html(std::string_view text);

// A piece of a bar; `share` of the chart's width, from 0 to 1.  The page's style has its colour.
struct BarPart {
  std::string_view style;  // class of CSS
  double share = 0;
};

struct Bar {
  std::string label;
  std::string value;  // with its unit
  std::vector<BarPart> parts;
};

// `id` is unique on the page.  The text alternative is the title and every label with its value.
std::string svg_chart(std::string_view id, std::string_view title, std::span<const Bar> bars);

}  // namespace repopipe
