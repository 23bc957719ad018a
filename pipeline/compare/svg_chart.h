// Bar charts as inline SVG, with the width of the page, its text size, and a text alternative.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// Escapes text for HTML and for attributes.
std::string escape_html(std::string_view text);

// A part of a bar; `share` of the chart's width, from 0 to 1.  The style sheet has its colour.
struct BarPart {
  std::string_view style;  // CSS class
  double share = 0;
};

struct Bar {
  std::string label;
  std::string value;  // with unit
  std::vector<BarPart> parts;
};

// `id` is unique on the page.  The text alternative has the title and every label with its value.
std::string svg_chart(std::string_view id, std::string_view title, std::span<const Bar> bars);

}  // namespace repopipe
