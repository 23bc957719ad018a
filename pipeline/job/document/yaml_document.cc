#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "pipeline/job/document/document.h"
#include "pipeline/job/document/yaml_place.h"

namespace repopipe {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool is_one_of(std::string_view text, auto words) {
  return std::ranges::find(words, text) != words.end();
}

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

// Removes the digits at the front and returns their number.
std::size_t take_digits(std::string_view& text) {
  const std::size_t count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?  without the sign
bool is_float(std::string_view text) {
  const bool whole = take_digits(text) > 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits(text) == 0 && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return consists_of(text, kDigits);
}

}  // namespace

NodeKind kind_of_plain(std::string_view text) {
  using Words = std::array<std::string_view, 6>;
  if (is_one_of(text, std::array<std::string_view, 5>{"", "~", "null", "Null", "NULL"})) {
    return NodeKind::null;
  }
  if (is_one_of(text, Words{"true", "True", "TRUE", "false", "False", "FALSE"})) {
    return NodeKind::boolean;
  }
  if (text.starts_with("0o") && consists_of(text.substr(2), "01234567")) return NodeKind::integer;
  if (text.starts_with("0x") && consists_of(text.substr(2), "0123456789abcdefABCDEF")) {
    return NodeKind::integer;
  }
  if (is_one_of(text, std::array<std::string_view, 3>{".nan", ".NaN", ".NAN"})) {
    return NodeKind::number;
  }
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (consists_of(text, kDigits)) return NodeKind::integer;
  if (is_one_of(text, std::array<std::string_view, 3>{".inf", ".Inf", ".INF"}) || is_float(text)) {
    return NodeKind::number;
  }
  return NodeKind::text;
}

namespace {

constexpr std::size_t kMostCopies = 100'000;  // nodes that aliases may repeat

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& child : node.children) count += count_nodes(child);
  return count;
}

// Throws YAML::ParserException for errors, like the library.
class YamlEvents final : public YAML::EventHandler {
 public:
  YamlEvents(YamlPlaces& places, Place place) : places_(places), place_(place) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(begun_, true)) {
      throw YAML::ParserException(mark, std::string(kSecondDocument));
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (tree_.expects_key()) return tree_.key("null", places_.at(mark));
    Node node = made(NodeKind::null, mark);
    // The mark of an omitted value is that of the next token.
    if (tree_.pending_key().line != 0) node.at = tree_.pending_key();
    add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end()) throw YAML::ParserException(mark, "this alias is part of itself");
    if (tree_.expects_key()) return key(mark, found->second);
    spend(found->second, mark);
    Node copy = found->second;
    copy.at = places_.at(mark);
    tree_.value(std::move(copy));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const bool plain = tag == "?" || tag.empty();
    if (!plain && tag != "!") refuse_tag(mark);  // quoted text also has the tag "!"
    Node node = made(plain ? kind_of_plain(text) : NodeKind::text, mark);
    node.text = text;
    if (tree_.expects_key()) {
      if (anchor != YAML::NullAnchor) anchored_[anchor] = node;
      return key(mark, node);
    }
    add(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(NodeKind::list, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(NodeKind::section, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  Node take() { return tree_.take(); }
  // The innermost open list or section; line 0: none is open.
  Position innermost() const { return tree_.innermost(); }

 private:
  Node made(NodeKind kind, const YAML::Mark& mark) {
    if (places_.has_tag(mark)) refuse_tag(mark);
    return {.kind = kind, .place = place_, .at = places_.at(mark)};
  }

  void key(const YAML::Mark& mark, const Node& node) {
    if (!node.children.empty()) throw YAML::ParserException(mark, std::string(kKeyNotPlain));
    tree_.key(node.text, places_.at(mark));
  }

  void add(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchored_[anchor] = node;
    tree_.value(std::move(node));
  }

  void open(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (!tag.empty() && tag != "?") refuse_tag(mark);
    if (tree_.expects_key()) throw YAML::ParserException(mark, std::string(kKeyNotPlain));
    if (tree_.depth() == kDeepest) {
      throw YAML::ParserException(mark, fmt::format("nested more than {} levels deep", kDeepest));
    }
    tree_.open(made(kind, mark));
    anchors_.push_back({anchor, mark});
  }

  void close() {
    Node node = tree_.close();
    const auto [anchor, mark] = anchors_.back();
    anchors_.pop_back();
    if (anchor != YAML::NullAnchor) spend(node, mark);
    add(std::move(node), anchor);
  }

  void spend(const Node& node, const YAML::Mark& mark) {
    copies_ += count_nodes(node);
    if (copies_ > kMostCopies) {
      throw YAML::ParserException(mark, "aliases repeat too much: write a list of users to a file");
    }
  }

  [[noreturn]] static void refuse_tag(const YAML::Mark& mark) {
    throw YAML::ParserException(mark, "YAML tags (!...) are not supported in a job file");
  }

  struct OpenAnchor {
    YAML::anchor_t anchor;
    YAML::Mark mark;
  };

  YamlPlaces& places_;
  Place place_;
  TreeBuilder tree_;
  bool begun_ = false;
  std::vector<OpenAnchor> anchors_;  // of the open lists and sections
  std::map<YAML::anchor_t, Node> anchored_;
  std::size_t copies_ = 0;
};

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, Place place, Diagnostics& diagnostics) {
  YamlPlaces places(text);
  YamlEvents events(places, place);
  try {
    // yaml-cpp accepts an open quote at the end of its input, but not at the end of a document.
    std::istringstream stream(std::string(text) + "\n...\n");
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) continue;
    return events.take();
  } catch (const YAML::Exception& error) {
    const auto [at, message] = places.explain(error.mark, error.msg, events.innermost());
    diagnostics.add(place, at, message);
    return std::nullopt;
  }
}

}  // namespace repopipe
