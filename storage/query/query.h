// Statements that are used once.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/sqlite/database.h"

namespace repopipe {

template <class... Values>
Status run_once(Database& database, std::string_view sql, const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  return statement->bind(values...).run();
}

// The first column of the first row, if there is one.
template <class... Values>
Result<std::optional<std::int64_t>> number_of(Database& database, std::string_view sql,
                                              const Values&... values) {
  auto statement = database.prepare(sql);
  if (!statement) return fail(statement.error());
  const auto row = statement->bind(values...).step();
  if (!row) return fail(row.error());
  return *row ? std::optional(statement->integer(0)) : std::nullopt;
}

}  // namespace repopipe
