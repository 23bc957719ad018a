#include "pipeline/report/html.h"

#include <fmt/format.h>

namespace repopipe {
namespace {

// Pixels, scaled by CSS.
constexpr int kRow = 46;
constexpr int kText = 15;    // base line of the text, from the top of a row
constexpr int kBar = 22;     // top of the bar
constexpr int kHeight = 14;  // height of the bar

std::string alternative(std::span<const Bar> bars) {
  std::string text;
  for (const Bar& bar : bars) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", bar.label, bar.value);
  }
  return escape_html(text);
}

std::string row(const Bar& bar, int top) {
  std::string svg = fmt::format(
      "<text x=\"0\" y=\"{0}\">{1}</text>"
      "<text class=\"value\" x=\"100%\" y=\"{0}\">{2}</text>"
      "<rect class=\"track\" y=\"{3}\" width=\"100%\" height=\"{4}\"/>",
      top + kText, escape_html(bar.label), escape_html(bar.value), top + kBar, kHeight);
  double at = 0;
  for (const BarPart& part : bar.parts) {
    svg +=
        fmt::format("<rect class=\"{}\" x=\"{:.3f}%\" y=\"{}\" width=\"{:.3f}%\" height=\"{}\"/>",
                    part.style, 100 * at, top + kBar, 100 * part.share, kHeight);
    at += part.share;
  }
  return svg + '\n';
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:  // characters are not an enumeration
        safe += c;
    }
  }
  return safe;
}

std::string html_document(std::string_view title, std::string_view style, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</"
      "html>\n",
      escape_html(title), style, body);
}

std::string svg_chart(std::string_view id, std::string_view title, std::span<const Bar> bars) {
  std::string svg = fmt::format(
      "<svg role=\"img\" aria-labelledby=\"{0}-title {0}-words\" width=\"100%\" height=\"{1}\">\n"
      "<title id=\"{0}-title\">{2}</title><desc id=\"{0}-words\">{3}</desc>\n",
      id, kRow * static_cast<int>(bars.size()), escape_html(title), alternative(bars));
  int top = 0;
  for (const Bar& bar : bars) {
    svg += row(bar, top);
    top += kRow;
  }
  return svg + "</svg>\n";
}

}  // namespace repopipe
