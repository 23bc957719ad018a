// One field of a record: where it stands in the API's JSON, which column it becomes, and what is
// kept of its past.  A provider has one table of these; parse, schema and documentation all come
// from it.
#pragma once

#include <span>
#include <string_view>

namespace repopipe {

enum class FieldType { integer, boolean, text, text_list };

enum class Presence { required, optional };

// What a field is for the store.
enum class Role {
  repo_id,      // identity of the record; exactly one field of a table has it
  owner_id,     // numeric id of the account; links the record to `users`
  owner_login,  // kept in `users`, not with the record
  owner_kind,   // likewise
  statistic,    // its past is kept as intervals in `repo_stats`
  attribute,    // its past is kept as single changes in `repo_changes`
};

struct Field {
  std::string_view json;    // dotted path inside one element, "license.spdx_id"
  std::string_view column;  // public column name
  FieldType type;
  Presence presence;
  Role role;
  std::string_view meaning;  // one line for docs/database.md
  std::string_view older{};  // its name in older versions of the API, on the top level
};

using Fields = std::span<const Field>;

}  // namespace repopipe
