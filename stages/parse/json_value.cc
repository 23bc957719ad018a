#include "stages/parse/json_value.h"

#include <cassert>
#include <cstdint>

#include "pipeline/base/text.h"
#include "pipeline/model/http.h"
#include "stages/parse/http_date.h"
#include "stages/parse/mend_json.h"

namespace repopipe {
namespace {

namespace ondemand = simdjson::ondemand;

// Deeper than any record; each level takes a stack frame.
constexpr int kDeepest = 64;

// simdjson rejects strings with half of a surrogate pair, which JavaScript programs produce.
simdjson::error_code mended_text(std::string_view raw, const Escapes& escapes, std::string& kept) {
  ScratchBuffer buffer;
  const PaddedText mended = buffer.copy(mend_surrogates(raw));
  const auto* const text = reinterpret_cast<const std::uint8_t*>(mended.text.data()) + 1;
  return escapes.decode(ondemand::raw_json_string(text), mended.text.size(), kept);
}

simdjson::error_code check_value(ondemand::value& value, Escapes& escapes, int depth);

// The parser has checked UTF-8, quotes and control characters of the whole document; only escapes
// can be invalid.
simdjson::error_code check_text(ondemand::value& value, Escapes& escapes) {
  if (escapes.none_in(value.raw_json_token())) return value.get_raw_json_string().error();
  std::string kept;
  std::string_view text;
  return read_text(value, escapes, kept, text);
}

simdjson::error_code check_key(ondemand::field& field, Escapes& escapes) {
  const std::string_view raw = raw_key(field);
  if (escapes.none_in(raw)) return simdjson::SUCCESS;
  std::string kept;
  return escapes.decode(field.key(), raw.size(), kept);
}

simdjson::error_code check_array(ondemand::value& value, Escapes& escapes, int depth) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto element : array) {
    if (const auto error = element.error()) return error;
    if (const auto error = check_value(element.value_unsafe(), escapes, depth + 1)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code check_object(ondemand::value& value, Escapes& escapes, int depth) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  for (auto each : object) {
    if (const auto error = each.error()) return error;
    ondemand::field& field = each.value_unsafe();
    if (const auto error = check_key(field, escapes)) return error;
    if (const auto error = check_value(field.value(), escapes, depth + 1)) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code check_value(ondemand::value& value, Escapes& escapes, int depth) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (depth > kDeepest) return simdjson::DEPTH_ERROR;
  switch (type) {
    case ondemand::json_type::array:
      return check_array(value, escapes, depth);
    case ondemand::json_type::object:
      return check_object(value, escapes, depth);
    case ondemand::json_type::number:
      return value.get_double().error();
    case ondemand::json_type::string:
      return check_text(value, escapes);
    case ondemand::json_type::boolean:
      return value.get_bool().error();
    case ondemand::json_type::null:
      break;
  }
  bool is_null = false;
  const auto error = value.is_null().get(is_null);
  return error || is_null ? error : simdjson::N_ATOM_ERROR;
}

}  // namespace

simdjson::error_code Escapes::decode(ondemand::raw_json_string raw, std::size_t size,
                                     std::string& kept) const {
  kept.resize(size + kPadding);  // the value of an escape is never longer than the escape
  auto* const begin = reinterpret_cast<std::uint8_t*>(kept.data());
  auto* end = begin;
  const auto error = parser_.unescape(raw, end).error();
  kept.resize(static_cast<std::size_t>(end - begin));
  return error;
}

// Between a key and its value there are a quote, a colon and white space; the parser has checked
// that.
std::string_view raw_key(ondemand::field& field) {
  const char* begin = field.key().raw();
  const char* end = field.value().raw_json_token().data();
  do {
    --end;
  } while (*end != '"');
  return {begin, static_cast<std::size_t>(end - begin)};
}

simdjson::error_code read_text(ondemand::value& value, Escapes& escapes, std::string& kept,
                               std::string_view& text) {
  const std::string_view raw = trim(value.raw_json_token());
  if (raw.starts_with('"') && escapes.none_in(raw)) {
    text = raw.substr(1, raw.size() - 2);  // its end is known: see check_text
    return value.get_raw_json_string().error();
  }
  ondemand::raw_json_string escaped;
  if (const auto error = value.get_raw_json_string().get(escaped)) return error;
  simdjson::error_code error = escapes.decode(escaped, raw.size(), kept);
  const bool has_nul = !error && kept.find('\0') != kept.npos;
  if (error || has_nul) error = mended_text(raw, escapes, kept);
  text = kept;
  return error;
}

simdjson::error_code read_text_list(ondemand::value& value, Escapes& escapes, std::string& json) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  bool all_texts = true;
  json = "[";
  for (auto element : array) {
    ondemand::value item;
    if (const auto error = element.get(item)) return error;
    const std::string_view raw = trim(item.raw_json_token());
    std::string kept;
    std::string_view text;
    if (!raw.starts_with('"')) {
      all_texts = false;
      if (const auto error = check_value(item, escapes)) return error;
      continue;
    }
    if (const auto error = read_text(item, escapes, kept, text)) return error;
    if (json.size() > 1) json += ',';
    json += kept.empty() ? std::string(raw) : mend_surrogates(raw);
  }
  json += ']';
  return all_texts ? simdjson::SUCCESS : simdjson::INCORRECT_TYPE;
}

simdjson::error_code check_value(ondemand::value& value, Escapes& escapes) {
  return check_value(value, escapes, 0);
}

simdjson::error_code check_field(ondemand::field& field, Escapes& escapes) {
  // Most fields are a string without escapes under a key without escapes: search both at once.
  const char* begin = field.key().raw();
  const std::string_view token = field.value().raw_json_token();
  const std::string_view both(begin, static_cast<std::size_t>(token.end() - begin));
  if (token.starts_with('"') && escapes.none_in(both)) {
    return field.value().get_raw_json_string().error();
  }
  if (const auto error = check_key(field, escapes)) return error;
  return check_value(field.value(), escapes, 0);
}

void MemberIndex::add(Entry entry) {
  assert(!entry.key.empty() && entries_.size() < kSlots / 2);
  entries_.push_back(entry);
  std::size_t slot = slot_of(entry.key);
  while (slots_[slot] != 0) slot = (slot + 1) % kSlots;
  slots_[slot] = static_cast<std::uint8_t>(entries_.size());
}

simdjson::error_code read_time(simdjson::ondemand::value& value, Escapes& escapes,
                               std::string& kept, std::string_view& time, bool& is_past) {
  if (const auto error = read_text(value, escapes, kept, time)) return error;
  is_past = true;
  auto utc = to_utc(time);
  if (!utc) return simdjson::INCORRECT_TYPE;
  kept = std::move(*utc);
  time = kept;
  return simdjson::SUCCESS;
}

}  // namespace repopipe
