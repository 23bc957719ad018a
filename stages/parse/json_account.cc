#include "stages/parse/json_account.h"

#include <fmt/format.h>

#include <new>
#include <string>

#include "pipeline/base/text.h"
#include "pipeline/model/http.h"
#include "stages/parse/json_value.h"

namespace repopipe {
namespace {

// Error bodies of the API are small; a larger one is not from the API.
constexpr std::size_t kLargest = 64 * 1024;
constexpr std::size_t kMost = 197;  // followed by three dots if cut

}  // namespace

std::optional<std::string> text_member(std::string_view body, std::string_view member) {
  const std::string_view text = trim(body);
  if (!text.starts_with('{') || text.size() > kLargest) return std::nullopt;
  simdjson::ondemand::parser parser;
  ScratchBuffer buffer;
  const PaddedText padded = buffer.copy(text);
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  const simdjson::padded_string_view view(padded.text.data(), padded.text.size(), padded.capacity);
  if (parser.iterate(view).get(document)) return std::nullopt;
  if (document[member].get(value)) return std::nullopt;
  Escapes escapes(padded.text, parser);
  std::string kept;
  std::string_view message;
  if (read_text(value, escapes, kept, message)) return std::nullopt;
  return printable(message, kMost);
}

ErrorBody error_body(std::string_view text, const JsonNames& names) {
  return {text, text_member(text, names.message)};
}

namespace {

namespace ondemand = simdjson::ondemand;

tl::unexpected<Failure> malformed(const JsonNames& names) {
  return fail(FailureKind::malformed, fmt::format("expected a JSON object with {} and {}",
                                                  names.account_id, names.account_login));
}

// The last one of repeated fields counts, as in rows.
simdjson::error_code read_field(ondemand::field& field, const JsonNames& names, Escapes& escapes,
                                Account& account, std::string& kept) {
  const auto key = field.key();
  if (key == names.account_id) return field.value().get_int64().get(account.id);
  if (key != names.account_login) return check_field(field, escapes);
  std::string_view login;
  const auto error = read_text(field.value(), escapes, kept, login);
  account.login = login;
  return error;
}

}  // namespace

Result<Account> read_account(PaddedText body, const JsonNames& names, JsonScratch& scratch) {
  const simdjson::padded_string_view text(body.text.data(), body.text.size(), body.capacity);
  ondemand::document document;
  ondemand::object object;
  const auto error = scratch.parser.iterate(text).get(document);
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error) return malformed(names);
  if (document.get_object().get(object)) return malformed(names);
  Account account;
  Escapes escapes(body.text, scratch.parser);
  std::string kept;
  for (auto each : object) {
    ondemand::field field;
    if (std::move(each).get(field)) return malformed(names);
    if (read_field(field, names, escapes, account, kept)) return malformed(names);
  }
  const bool is_whole = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  if (!is_whole || account.id <= 0 || account.login.empty()) return malformed(names);
  return account;
}

std::uint64_t digest_of(const RecordBatch& rows, std::size_t identity) {
  if (rows.rows() == 0 || identity >= rows.fields().size()) return 0;
  Fnv1a digest;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const CellView id = rows.at(row, identity);
    const auto* number = std::get_if<std::int64_t>(&id);
    digest.add(static_cast<std::uint64_t>(number ? *number : 0));
  }
  return digest.value();
}

Status check_skips(const Page& page) {
  const auto skipped = page.skipped_ids.size() + static_cast<std::size_t>(page.unnamed_skips);
  const std::size_t records = page.rows.rows() + skipped;
  const bool is_few = skipped == 1 || skipped * 10 <= records;
  if (skipped == 0 || (is_few && skipped < records)) return {};
  if (records == 1) return fail(FailureKind::bad_record, page.skip_note);
  return fail(FailureKind::bad_record,
              fmt::format("{} of {} records cannot be read: {}", skipped, records, page.skip_note));
}

void count_nulls(const std::string& note, Page& page) {
  page.unnamed_skips = page.skipped - static_cast<int>(page.skipped_ids.size());
  if (page.skip_note.empty()) page.skip_note = note;
}

}  // namespace repopipe
