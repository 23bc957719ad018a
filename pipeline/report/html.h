// Parts of HTML pages: escaped text, bar charts as inline SVG, and writing a file as a whole.  Used
// by the report page and `compare --html`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace repopipe {

// Escapes text for HTML and for attributes.
std::string escape_html(std::string_view text);

// A whole page without scripts: nothing is loaded, and only the style within it applies.  `title`
// is not escaped; `body` is HTML.
std::string html_document(std::string_view title, std::string_view style, const std::string& body);

// Bar charts as inline SVG, with the width of the page, its text size, and a text alternative.

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
