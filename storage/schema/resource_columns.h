// The database side of a resource: the names of its tables and columns, and the indices of its
// fields in a batch.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/model/resource.h"

namespace repopipe {

// Indices are those of the field table.  A resource has one identity, which is the key alone or
// together with the parent's id.  It has at most one account id, one login and one kind.
struct ResourceColumns {
  // `resource` outlives this.
  explicit ResourceColumns(const Resource& resource);

  int resource;  // its id
  bool is_stay;  // a row is the time from `since` to `until`
  bool expands;  // see Resource::expands
  Fields fields;
  std::string table;      // "repos"
  std::string item;       // "repo"
  std::string parent;     // column with the account of the list, "owner_id"
  std::string key;        // column of the identity, "id"
  std::string reference;  // the same in other tables, "repo_id"
  std::string changes;    // "repo_changes"
  std::string stats;      // "repo_stats"
  std::string missing;    // "missing_repos"
  std::string as_of;      // view, "repos_as_of"
  // The log of its listings, `run_users` for the repositories: the table, its rows as a subquery,
  // and " AND resource = N" if resources share the table.
  std::string log = "run_users";
  std::string log_rows = "run_users";
  std::string log_condition{};

  std::size_t id = 0;
  std::size_t account_id = 0;  // the identity itself if a record is an account
  std::size_t account_login = 0;
  std::optional<std::size_t> account_kind;
  std::vector<std::size_t> lists;       // text lists whose elements have a table, see list_table
  std::vector<std::size_t> kept;        // columns of `table` except the key: the next two together
  std::vector<std::size_t> attributes;  // their history is in `changes`
  std::vector<std::size_t> statistics;  // their history is in `stats`; a stay has none

  // The table of a text list's elements, "repo_topics", and its column, "topic".
  std::string list_table(std::size_t field) const;
  std::string list_element(std::size_t field) const;

 private:
  void add(std::size_t index);
};

// For all resources, in order.
std::vector<ResourceColumns> columns_of(Resources resources);

// Those of the repositories, which every provider has.
const ResourceColumns& main_of(const std::vector<ResourceColumns>& resources);

std::string quoted(std::string_view column);
std::string column_of(const Field& field);  // quoted

// The results of `write` for each field, joined with `between`.
std::string joined(Fields fields, const std::vector<std::size_t>& indices,
                   const std::function<std::string(const Field&)>& write,
                   std::string_view between = ", ");

// ", a = ?4, b = ?5": assigns a parameter to each field; the first number is `last` + 1.
std::string assignments(Fields fields, const std::vector<std::size_t>& indices, int last);

// `text` with the members above replaced: `{table}`, `{item}`, `{parent}`, `{key}`, `{reference}`,
// `{changes}`, `{stats}`, `{missing}`, `{log}`, `{log_rows}`, `{log_condition}`, `{resource}`.
std::string sql_for(const ResourceColumns& columns, std::string_view text);

}  // namespace repopipe
