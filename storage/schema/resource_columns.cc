#include "storage/schema/resource_columns.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace repopipe {

ResourceColumns::ResourceColumns(const Resource& of)
    : resource(of.id),
      is_stay(of.if_missing == IfMissing::stay_ends),
      expands(of.expands),
      fields(of.fields),
      table(of.table),
      item(of.item),
      parent(of.parent.column),
      changes(std::string(of.item) + "_changes"),
      stats(std::string(of.item) + "_stats"),
      missing("missing_" + table),
      as_of(table + "_as_of") {
  if (resource != kRepositoriesId) {
    log = "run_listings";
    log_condition = " AND resource = " + std::to_string(resource);
    log_rows = "(SELECT * FROM run_listings WHERE resource = " + std::to_string(resource) + ")";
  }
  for (std::size_t i = 0; i < fields.size(); ++i) add(i);
  // A record with stays is identified together with its parent; one that may move, by itself.
  assert(is_stay == (of.parent.identity == Identity::yes) && !key.empty());
  reference = key == "id" ? item + "_id" : key;
}

void ResourceColumns::add(std::size_t index) {
  const Field& field = fields[index];
  if (field.role == Role::account_id) account_id = index;
  if (field.role == Role::account_login) account_login = index;
  if (field.role == Role::account_kind) account_kind = index;
  if (field.identity == Identity::yes) {
    id = index;
    key = field.column;
    return;
  }
  if (field.role == Role::account_login || field.role == Role::account_kind) return;
  kept.push_back(index);
  if (field.role == Role::statistic && !is_stay) {
    statistics.push_back(index);
    return;
  }
  attributes.push_back(index);
  if (field.type == FieldType::text_list && !is_stay) lists.push_back(index);
}

std::string ResourceColumns::list_table(std::size_t field) const {
  return item + "_" + std::string(fields[field].column);
}

std::string ResourceColumns::list_element(std::size_t field) const {
  std::string element(fields[field].column);
  if (element.ends_with('s')) element.pop_back();
  return element;
}

std::vector<ResourceColumns> columns_of(Resources resources) {
  std::vector<ResourceColumns> all;
  for (const Resource* resource : resources) all.emplace_back(*resource);
  return all;
}

const ResourceColumns& main_of(const std::vector<ResourceColumns>& resources) {
  const auto found = std::ranges::find(resources, kRepositoriesId, &ResourceColumns::resource);
  assert(found != resources.end());
  return *found;
}

std::string quoted(std::string_view column) {
  return "\"" + std::string(column) + "\"";
}

std::string column_of(const Field& field) {
  return quoted(field.column);
}

std::string joined(Fields fields, const std::vector<std::size_t>& indices,
                   const std::function<std::string(const Field&)>& write,
                   std::string_view between) {
  std::string text;
  for (const std::size_t index : indices) {
    if (!text.empty()) text += between;
    text += write(fields[index]);
  }
  return text;
}

std::string assignments(Fields fields, const std::vector<std::size_t>& indices, int last) {
  std::string sql;
  for (const std::size_t index : indices) {
    sql += ", " + column_of(fields[index]) + " = ?" + std::to_string(++last);
  }
  return sql;
}

std::string sql_for(const ResourceColumns& columns, std::string_view text) {
  std::string sql(text);
  const auto replace = [&sql](std::string_view name, std::string_view by) {
    for (auto at = sql.find(name); at != sql.npos; at = sql.find(name, at + by.size())) {
      sql.replace(at, name.size(), by);
    }
  };
  replace("{table}", columns.table);
  replace("{item}", columns.item);
  replace("{parent}", columns.parent);
  replace("{key}", columns.key);
  replace("{reference}", columns.reference);
  replace("{changes}", columns.changes);
  replace("{stats}", columns.stats);
  replace("{missing}", columns.missing);
  replace("{log}", columns.log);
  replace("{log_rows}", columns.log_rows);
  replace("{log_condition}", columns.log_condition);
  replace("{resource}", std::to_string(columns.resource));
  return sql;
}

}  // namespace repopipe
