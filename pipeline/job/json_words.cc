#include "pipeline/job/json_words.h"

#include <fmt/format.h>

namespace repopipe {
namespace {

// "[...] parse error at line 3, column 1: syntax error while parsing object - unexpected '}';
// expected string literal; last read: '...'": the part behind the dash, up to what was read.
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
  if (first == '\'') return "JSON wants double quotes around text";
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

}  // namespace repopipe
