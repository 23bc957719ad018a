#include "tests/docs/blocks.h"

#include <fmt/format.h>

#include <regex>
#include <utility>

namespace repopipe::docs {
namespace {

constexpr std::string_view kFence = "```";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string reason_in(const std::string& line) {
  static const std::regex kMark("<!-- not (?:run|compared): (.+) -->");
  std::smatch match;
  return std::regex_match(line, match, kMark) ? match[1].str() : "";
}

// "nightly.yaml" of "# nightly.yaml"; empty: the first line is no such comment.
std::string name_of_file(const Block& block) {
  static const std::regex kName("# ([a-z]+[.]yaml)");
  std::smatch match;
  const std::string first = block.text.substr(0, block.text.find('\n'));
  return std::regex_match(first, match, kName) ? match[1].str() : "";
}

// Empty: nothing is wrong.
std::string mistake_in(const Block& block, const Block* above) {
  constexpr std::size_t kShortest = 10;
  if (!block.reason.empty()) return block.reason.size() < kShortest ? "the reason is short" : "";
  if (block.language == "sh") return {};
  if (block.language == "yaml") return name_of_file(block).empty() ? "a file without name" : "";
  if (block.language != "text") return "not marked: " + block.language;
  const bool is_below = above != nullptr && above->language == "sh" && above->reason.empty();
  return is_below ? "" : "no command above";
}

std::string without_numbers(const std::string& line) {
  static const std::regex kNumber("[0-9][0-9.,:]*( (ms|s|min|B|KB|MB|GB|%))?");
  static const std::regex kBlanks(" +");
  return std::regex_replace(std::regex_replace(line, kNumber, "N"), kBlanks, " ");
}

}  // namespace

std::vector<Block> blocks_in(std::string_view document) {
  std::vector<Block> blocks;
  bool is_inside = false;
  std::string above;
  int number = 0;
  for (const std::string& line : lines_of(document)) {
    ++number;
    if (line.starts_with(kFence)) {
      if (!is_inside) {
        blocks.push_back({number, line.substr(kFence.size()), {}, reason_in(above)});
      }
      is_inside = !is_inside;
    } else if (is_inside) {
      blocks.back().text += line + "\n";
    }
    above = line;
  }
  return blocks;
}

std::string mistakes_in(const std::vector<Block>& blocks) {
  std::string mistakes;
  const Block* above = nullptr;
  for (const Block& block : blocks) {
    const std::string mistake = mistake_in(block, std::exchange(above, &block));
    if (!mistake.empty()) mistakes += fmt::format("line {}: {}\n", block.line, mistake);
  }
  return mistakes;
}

std::string session_of(const std::vector<Block>& blocks, const std::filesystem::path& outputs) {
  std::string script = "set -eu\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n";
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    if (!block.reason.empty() || block.language == "text") continue;
    script += fmt::format("exec > {}/{} 2>&1\n", outputs.string(), i);
    if (block.language == "yaml") {
      script +=
          fmt::format("cat > {} <<'END OF FILE'\n{}END OF FILE\n", name_of_file(block), block.text);
    } else {
      script += block.text;
    }
  }
  return script;
}

bool is_output(std::string_view expected, std::string_view output) {
  const std::vector<std::string> lines = lines_of(output);
  auto next = lines.begin();
  for (const std::string& line : lines_of(expected)) {
    const std::string begin = without_numbers(line);
    while (next != lines.end() && !without_numbers(*next).starts_with(begin)) ++next;
    if (next == lines.end()) return false;
    ++next;
  }
  return true;
}

}  // namespace repopipe::docs
