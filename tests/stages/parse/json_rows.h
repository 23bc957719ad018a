// A few fields, and pages of them as JsonRowReader reads them.
#pragma once

#include <array>
#include <string>

#include "stages/parse/json_row.h"
#include "stages/parse/json_value.h"

namespace repopipe::testing {

inline constexpr std::array kFewFields{
    Field{"id", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, ""},
    Field{"full_name", "full_name", FieldType::text, Presence::required, Role::attribute,
          Identity::no, ""},
    Field{"owner.id", "owner_id", FieldType::integer, Presence::required, Role::account_id,
          Identity::no, ""},
    Field{"fork", "fork", FieldType::boolean, Presence::optional, Role::attribute, Identity::no,
          ""},
    Field{"license.key", "license_key", FieldType::text, Presence::optional, Role::attribute,
          Identity::no, ""},
    Field{"topics", "topics", FieldType::text_list, Presence::optional, Role::attribute,
          Identity::no, ""},
};

inline Result<Page> read_page(const std::string& json) {
  static const JsonRowReader reader(kFewFields);
  JsonScratch scratch;
  const simdjson::padded_string padded(json);
  return reader.read({std::string_view(padded), json.size() + simdjson::SIMDJSON_PADDING}, 1,
                     scratch);
}

}  // namespace repopipe::testing
