// What follows from a resource for the database: the names of its tables, which of its fields
// become columns, and where the others stand in a batch.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/model/resource.h"

namespace repopipe {

// Indices are those of the field table.  A table has one identity, which together with the parent's
// number may be its key; at most one account, and one login and one kind of it.
struct ResourceColumns {
  // `resource` must outlive it.
  explicit ResourceColumns(const Resource& resource);

  int resource;  // its number
  bool is_stay;  // a row is the time from `since` to `until`
  bool expands;  // see Resource::expands
  Fields fields;
  std::string table;      // "repos"
  std::string item;       // "repo"
  std::string parent;     // column that leads to the account of the list, "owner_id"
  std::string key;        // column of the identity, "id"
  std::string reference;  // the same in other tables, "repo_id"
  std::string changes;    // "repo_changes"
  std::string stats;      // "repo_stats"
  std::string missing;    // "missing_repos"
  std::string as_of;      // view, "repos_as_of"
  // Where its listings are logged, `run_users` for the repositories: the table, its rows as a
  // subquery, and " AND resource = N" where that table is shared.
  std::string log = "run_users";
  std::string log_rows = "run_users";
  std::string log_condition{};

  std::size_t id = 0;
  std::size_t account_id = 0;  // the identity itself, where a record is an account
  std::size_t account_login = 0;
  std::optional<std::size_t> account_kind;
  std::vector<std::size_t> lists;       // text lists whose elements have a table, see list_table
  std::vector<std::size_t> kept;        // columns of `table` but the key: the next two together
  std::vector<std::size_t> attributes;  // their past is in `changes`
  std::vector<std::size_t> statistics;  // their past is in `stats`; a stay has none

  // The table of a text list's elements, "repo_topics", and its column, "topic".
  std::string list_table(std::size_t field) const;
  std::string list_element(std::size_t field) const;

 private:
  void add(std::size_t index);
};

// Of all resources, in order.
std::vector<ResourceColumns> columns_of(Resources resources);

// The repositories'; there is one.
const ResourceColumns& main_of(const std::vector<ResourceColumns>& resources);

std::string quoted(std::string_view column);
std::string column_of(const Field& field);  // quoted

// What `write` makes of each field, one after the other with `between` in the middle.
std::string joined(Fields fields, const std::vector<std::size_t>& indices,
                   const std::function<std::string(const Field&)>& write,
                   std::string_view between = ", ");

// ", a = ?4, b = ?5": of each field its parameter, numbered from behind `last`.
std::string assignments(Fields fields, const std::vector<std::size_t>& indices, int last);

// `text` with the members above replaced: `{table}`, `{item}`, `{parent}`, `{key}`, `{reference}`,
// `{changes}`, `{stats}`, `{missing}`, `{log}`, `{log_rows}`, `{log_condition}`, `{resource}`.
std::string sql_for(const ResourceColumns& columns, std::string_view text);

}  // namespace repopipe
