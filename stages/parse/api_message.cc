#include "stages/parse/api_message.h"

#include "pipeline/base/text.h"
#include "pipeline/model/http.h"
#include "stages/parse/json_value.h"

namespace repopipe {
namespace {

// The API's refusals are small; what is larger is somebody else's.
constexpr std::size_t kLargest = 64 * 1024;
constexpr std::size_t kMost = 197;  // and the three dots of a cut

}  // namespace

std::optional<std::string> api_message(std::string_view body) {
  const std::string_view text = trim(body);
  if (!text.starts_with('{') || text.size() > kLargest) return std::nullopt;
  simdjson::ondemand::parser parser;
  ScratchBuffer buffer;
  const PaddedText padded = buffer.copy(text);
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  const simdjson::padded_string_view view(padded.text.data(), padded.text.size(), padded.capacity);
  if (parser.iterate(view).get(document)) return std::nullopt;
  if (document["message"].get(value)) return std::nullopt;
  Escapes escapes(padded.text, parser);
  std::string kept;
  std::string_view message;
  if (read_text(value, escapes, kept, message)) return std::nullopt;
  return printable(message, kMost);
}

bool is_foreign(std::string_view body) {
  return !trim(body).empty() && !api_message(body);
}

}  // namespace repopipe
