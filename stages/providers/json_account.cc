#include "stages/providers/json_account.h"

#include <string>

#include "stages/json_scratch.h"

namespace repopipe {
namespace {

tl::unexpected<Failure> malformed() {
  return fail(FailureKind::malformed, "expected a JSON object with id and login");
}

}  // namespace

Result<Account> read_account(PaddedText body, JsonScratch& scratch) {
  namespace ondemand = simdjson::ondemand;
  const simdjson::padded_string_view text(body.text.data(), body.text.size(), body.capacity);
  ondemand::document document;
  ondemand::object object;
  if (scratch.parser.iterate(text).get(document)) return malformed();
  if (document.get_object().get(object)) return malformed();
  Account account;
  std::string_view login;
  if (object["id"].get_int64().get(account.id)) return malformed();
  if (object["login"].get_string().get(login)) return malformed();
  account.login = login;
  return account;
}

}  // namespace repopipe
