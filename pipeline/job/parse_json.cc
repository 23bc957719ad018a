#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "pipeline/job/json_words.h"
#include "pipeline/job/parse.h"
#include "pipeline/job/tracked_input.h"
#include "pipeline/job/tree_builder.h"

namespace repopipe {
namespace {

using nlohmann::json;

// Each event carries on with true and ends the parse with false.
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
