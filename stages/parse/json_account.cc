#include "stages/parse/json_account.h"

#include <new>
#include <string>

#include "stages/parse/json_scratch.h"
#include "stages/parse/json_value.h"

namespace repopipe {
namespace {

namespace ondemand = simdjson::ondemand;

tl::unexpected<Failure> malformed() {
  return fail(FailureKind::malformed, "expected a JSON object with id and login");
}

// A field that stands twice counts as it stood last, as everywhere.
simdjson::error_code read_field(ondemand::field& field, Escapes& escapes, Account& account,
                                std::string& kept) {
  const auto key = field.key();
  if (key == "id") return field.value().get_int64().get(account.id);
  if (key != "login") return check_field(field, escapes);
  std::string_view login;
  const auto error = read_text(field.value(), escapes, kept, login);
  account.login = login;
  return error;
}

}  // namespace

Result<Account> read_account(PaddedText body, JsonScratch& scratch) {
  const simdjson::padded_string_view text(body.text.data(), body.text.size(), body.capacity);
  ondemand::document document;
  ondemand::object object;
  const auto error = scratch.parser.iterate(text).get(document);
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  if (error) return malformed();
  if (document.get_object().get(object)) return malformed();
  Account account;
  Escapes escapes(body.text, scratch.parser);
  std::string kept;
  for (auto each : object) {
    ondemand::field field;
    if (std::move(each).get(field)) return malformed();
    if (read_field(field, escapes, account, kept)) return malformed();
  }
  const bool is_whole = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  if (!is_whole || account.id <= 0 || account.login.empty()) return malformed();
  return account;
}

}  // namespace repopipe
