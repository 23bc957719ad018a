#include "pipeline/job/document/document.h"

#include <fmt/format.h>

#include <cassert>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "pipeline/base/text.h"
#include "pipeline/job/document/files.h"

namespace repopipe {
bool is_scalar(const Node& node) {
  return node.kind != NodeKind::list && node.kind != NodeKind::section;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      return "null";
    case NodeKind::boolean:
    case NodeKind::integer:
    case NodeKind::number:
      return shown_key(node.text);
    case NodeKind::text:
      return in_quotes(node.text);
    case NodeKind::list:
      return "a list";
    case NodeKind::section:
      return "a section";
  }
  return {};
}

namespace {

std::string_view without_plus(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return text;
}

}  // namespace

std::optional<std::int64_t> whole_number(const Node& node) {
  if (node.kind != NodeKind::integer) return std::nullopt;
  std::string_view text = without_plus(node.text);
  const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 10;
  if (base != 10) text.remove_prefix(2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> real_number(const Node& node) {
  if (const auto whole = whole_number(node)) return static_cast<double>(*whole);
  if (node.kind != NodeKind::number) return std::nullopt;
  const std::string_view text = without_plus(node.text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

namespace {

nlohmann::ordered_json json_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::null:
      return nullptr;
    case NodeKind::boolean:
      return fold_case(node.text) == "true";
    case NodeKind::integer:
      if (const auto number = whole_number(node)) return *number;
      return std::strtod(node.text.c_str(), nullptr);
    case NodeKind::number:
      if (const auto number = real_number(node)) return *number;
      return node.text;
    case NodeKind::text:
      return node.text;
    case NodeKind::list: {
      nlohmann::ordered_json list = nlohmann::ordered_json::array();
      for (const Node& child : node.children) list.push_back(json_of(child));
      return list;
    }
    case NodeKind::section: {
      nlohmann::ordered_json section = nlohmann::ordered_json::object();
      for (const Node& child : node.children) section[child.key] = json_of(child);
      return section;
    }
  }
  return nullptr;
}

}  // namespace

std::string as_json(const Node& node) {
  return json_of(node).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void TreeBuilder::key(std::string text, Position at) {
  assert(expects_key());
  open_.back().key = std::move(text);
  open_.back().key_at = at;
  open_.back().keyed = true;
}

void TreeBuilder::value(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& around = open_.back();
  node.key = std::exchange(around.key, {});
  node.key_at = std::exchange(around.key_at, {});
  around.keyed = false;
  around.node.children.push_back(std::move(node));
}

Node TreeBuilder::close() {
  assert(!open_.empty());
  Node node = std::move(open_.back().node);
  open_.pop_back();
  return node;
}

namespace {

// "[...] parse error at line 3, column 1: syntax error while parsing object - unexpected '}';
// expected string literal; last read: '...'": the part from the dash to "; last read".
std::string core_of(const std::string& what) {
  const std::size_t dash = what.find(" - ");
  if (dash == std::string::npos) return "this is not JSON";
  const std::string core = what.substr(dash + 3);
  return core.substr(0, core.find("; last read"));
}

std::string in_plain_words(const std::string& what, char first) {
  const std::string core = core_of(what);
  if (what.find("out_of_range") != std::string::npos) return "this number is too large";
  if (first == '/' || first == '#') {
    return "JSON has no comments (a YAML job file has)";
  }
  if (what.find("; expected end of input") != std::string::npos) {
    return "more text follows the JSON value";
  }
  if (first == '\'') return "JSON requires double quotes around text";
  if (core.starts_with("unexpected end of input")) return "the JSON ends before it is complete";
  if (core.find("missing closing quote") != std::string::npos ||
      core.find("must be escaped to \\u000A") != std::string::npos) {
    return "this text has no closing quote on its line";
  }
  if (what.find("parsing object key") != std::string::npos) {
    return "expected a key in double quotes here";
  }
  if (core.starts_with("invalid literal") || core.ends_with("or a literal")) {
    return "expected a value: text in double quotes, a number, true, false, null, [ or {";
  }
  const bool in_object = core.ends_with("expected '}'");
  if (in_object || core.ends_with("expected ']'")) {
    return fmt::format("expected a comma or {} here", in_object ? '}' : ']');
  }
  if (core.ends_with("expected string literal")) return "expected a key in double quotes here";
  if (core.ends_with("expected ':'")) return "expected a colon after the key";
  return core;
}

}  // namespace

Complaint complaint_about_json(const TrackedInput& input, const std::string& what) {
  const char first = input.token_first();
  if (input.comma() && (first == '}' || first == ']')) {
    return {*input.comma(), "broken JSON: no comma may follow the last entry"};
  }
  if (input.comma() && first == '\0' && what.find("unexpected ','") != std::string::npos) {
    return {*input.comma(), "broken JSON: a comma without a value before it"};
  }
  const bool over = what.find("unexpected end of input") != std::string::npos;
  return {over ? input.here() : input.token_start(), "broken JSON: " + in_plain_words(what, first)};
}

namespace {

using nlohmann::json;

// Each event returns false to end the parse.
class JsonEvents final : public nlohmann::json_sax<json> {
 public:
  JsonEvents(TrackedInput& input, Place place, Diagnostics& diagnostics)
      : input_(input), place_(place), diagnostics_(diagnostics) {}

  bool null() override { return scalar(NodeKind::null, {}); }
  bool boolean(bool value) override { return scalar(NodeKind::boolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return number(NodeKind::integer, std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number(NodeKind::integer, std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return number(NodeKind::number, text);
  }
  bool string(string_t& text) override { return scalar(NodeKind::text, text); }
  bool binary(binary_t&) override { return false; }  // not in JSON text
  bool start_object(std::size_t) override { return open(NodeKind::section); }
  bool start_array(std::size_t) override { return open(NodeKind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& text) override {
    tree_.key(text, input_.token_start());
    input_.token_over();
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    const Complaint complaint = complaint_about_json(input_, error.what());
    diagnostics_.add(place_, complaint.at, complaint.message);
    return false;
  }

  Node take() { return tree_.take(); }

 private:
  Node node(NodeKind kind, std::string text) const {
    return {.kind = kind, .place = place_, .at = input_.token_start(), .text = std::move(text)};
  }

  bool scalar(NodeKind kind, std::string text) {
    tree_.value(node(kind, std::move(text)));
    input_.token_over();
    return true;
  }

  bool number(NodeKind kind, std::string text) {
    tree_.value(node(kind, std::move(text)));
    input_.number_over();
    return true;
  }

  bool open(NodeKind kind) {
    if (tree_.depth() == kDeepest) {
      diagnostics_.add(place_, input_.token_start(),
                       fmt::format("nested more than {} levels deep", kDeepest));
      return false;
    }
    tree_.open(node(kind, {}));
    input_.token_over();
    return true;
  }

  bool close() {
    tree_.value(tree_.close());
    input_.token_over();
    return true;
  }

  TrackedInput& input_;
  Place place_;
  Diagnostics& diagnostics_;
  TreeBuilder tree_;
};

}  // namespace

std::optional<Node> parse_json(std::string_view text, Place place, Diagnostics& diagnostics) {
  TrackedInput input(text);
  JsonEvents events(input, place, diagnostics);
  if (!json::sax_parse(InputCursor(input), InputCursor(), &events)) return std::nullopt;
  return events.take();
}

}  // namespace repopipe
