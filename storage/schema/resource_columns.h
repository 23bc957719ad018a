// Which fields of a provider become columns of `repos`, and where the others stand in a batch.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/model/resource.h"

namespace repopipe {

// Indices are those of the field table.  A table has one identity in the column `id`, one account
// in the column `owner_id`, and one login of it.
struct ResourceColumns {
  explicit ResourceColumns(Fields table);

  Fields fields;
  std::size_t id = 0;
  std::size_t owner_id = 0;
  std::size_t owner_login = 0;
  std::optional<std::size_t> owner_kind;
  std::optional<std::size_t> topics;    // the text list whose elements `repo_topics` holds
  std::vector<std::size_t> kept;        // columns of `repos` but `id`: the next two together
  std::vector<std::size_t> attributes;  // `owner_id` is one: its past is kept the same way
  std::vector<std::size_t> statistics;
};

std::string quoted(std::string_view column);
std::string column_of(const Field& field);  // quoted

// What `write` makes of each field, one after the other with `between` in the middle.
std::string joined(Fields fields, const std::vector<std::size_t>& indices,
                   const std::function<std::string(const Field&)>& write,
                   std::string_view between = ", ");

}  // namespace repopipe
