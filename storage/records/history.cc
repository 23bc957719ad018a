#include "storage/records/history.h"

#include <algorithm>
#include <string>

namespace repopipe {
namespace {

// An INSERT of the time and the statistics; `values` has a parameter for each statistic.
std::string open_sql(const ResourceColumns& columns, const std::string& values) {
  std::string names = "INSERT INTO {stats} ({reference}, valid_from";
  std::string again = " ON CONFLICT ({reference}, valid_from) DO UPDATE SET valid_to = NULL";
  for (const std::size_t index : columns.statistics) {
    const std::string column = column_of(columns.fields[index]);
    names += ", " + column;
    again += ", " + column + " = excluded." + column;
  }
  return sql_for(columns, names + ") " + values + again);
}

// ?1 record, ?2 time, then the statistics.
std::string open_sql(const ResourceColumns& columns) {
  std::string values = "VALUES (?, ?";
  for (std::size_t i = 0; i < columns.statistics.size(); ++i) values += ", ?";
  return open_sql(columns, values + ")");
}

// ?1 record, ?2 time.
std::string open_stored_sql(const ResourceColumns& columns) {
  std::string values = "SELECT {key}, ?2";
  for (const std::size_t index : columns.statistics) {
    values += ", " + column_of(columns.fields[index]);
  }
  return open_sql(columns, values + " FROM {table} WHERE {key} = ?1");
}

// ?1 record, then the statistics.
std::string amend_sql(const ResourceColumns& columns) {
  const std::string sql =
      "UPDATE {stats} SET valid_to = NULL" + assignments(columns.fields, columns.statistics, 1);
  return sql_for(columns, sql + " WHERE {reference} = ?1 AND valid_to IS NULL");
}

constexpr std::string_view kEnd =
    "UPDATE {stats} SET valid_to = ?2 "
    "WHERE {reference} = ?1 AND valid_to IS NULL AND valid_from < ?2";

constexpr std::string_view kChange = R"sql(
INSERT INTO {changes} (run_id, {reference}, field, old_value, new_value, changed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (run_id, {reference}, field)
DO UPDATE SET new_value = excluded.new_value, changed_at = excluded.changed_at)sql";

constexpr std::string_view kForget =
    "DELETE FROM {changes} WHERE run_id = ?1 AND {reference} = ?2 AND old_value IS new_value";

constexpr std::string_view kClearList = "DELETE FROM {list} WHERE {reference} = ?1";

// A list may have an element twice.
constexpr std::string_view kAddElement =
    "INSERT OR IGNORE INTO {list} ({reference}, {element}) VALUES (?1, ?2)";

// For a list with escapes.
constexpr std::string_view kAddElements =
    "INSERT OR IGNORE INTO {list} ({reference}, {element}) SELECT ?1, value FROM json_each(?2) "
    "WHERE type = 'text'";

// The statements of the table of a text list.
std::string list_sql(const ResourceColumns& columns, std::size_t field, std::string_view text) {
  std::string sql = sql_for(columns, text);
  sql.replace(sql.find("{list}"), 6, columns.list_table(field));
  const auto element = sql.find("{element}");
  if (element != sql.npos) sql.replace(element, 9, columns.list_element(field));
  return sql;
}

}  // namespace

void StoredCells::set(std::size_t field, const CellView& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    cells_[field] = std::string(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    cells_[field] = *number;
  } else {
    cells_[field] = std::monostate{};
  }
}

CellView StoredCells::operator[](std::size_t field) const {
  const auto found = cells_.find(field);
  if (found == cells_.end()) return std::monostate{};
  return std::visit([](const auto& cell) { return CellView(cell); }, found->second);
}

History::History(Preparation& prepare, std::int64_t run_id, const ResourceColumns& columns)
    : run_id_(run_id),
      columns_(columns),
      open_(prepare(open_sql(columns))),
      open_stored_(prepare(open_stored_sql(columns))),
      end_(prepare(sql_for(columns, kEnd))),
      amend_(prepare(amend_sql(columns))),
      change_(prepare(sql_for(columns, kChange))),
      forget_(prepare(sql_for(columns, kForget))) {
  for (const std::size_t field : columns.lists) {
    const auto list = [&](std::string_view sql) { return prepare(list_sql(columns, field, sql)); };
    lists_.push_back({field, list(kClearList), list(kAddElement), list(kAddElements)});
  }
}

Status History::begin(std::int64_t record, const RowView& row, std::string_view now) {
  if (auto opened = open_interval(record, row, now); !opened) return opened;
  for (List& list : lists_) {
    if (auto added = add_elements(list, record, row[list.field]); !added) return added;
  }
  return {};
}

Status History::open_interval(std::int64_t record, const RowView& row, std::string_view now) {
  open_.bind(record, now);
  int index = 2;
  for (const std::size_t field : columns_.statistics) open_.set(++index, row[field]);
  return open_.run();
}

Status History::statistics(std::int64_t record, const RowView& row, std::string_view now) {
  if (auto ended = end_.bind(record, now).run(); !ended) return ended;
  if (end_.rows_written() > 0) return open_interval(record, row, now);
  amend_.bind(record);
  int index = 1;
  for (const std::size_t field : columns_.statistics) amend_.set(++index, row[field]);
  if (auto amended = amend_.run(); !amended) return amended;
  return amend_.rows_written() > 0 ? Status{} : open_interval(record, row, now);
}

Status History::begin_again(std::int64_t record, std::string_view now) {
  return open_stored_.bind(record, now).run();
}

Status History::changed(std::int64_t record, std::string_view field, const CellView& from,
                        const CellView& to, std::string_view now) {
  return change_.bind(run_id_, record, field, from, to, now).run();
}

Status History::forget_undone_changes(std::int64_t record) {
  return forget_.bind(run_id_, record).run();
}

Status History::elements(std::int64_t record, std::size_t field, const CellView& elements) {
  const auto list = std::ranges::find(lists_, field, &List::field);
  if (list == lists_.end()) return {};
  if (auto cleared = list->clear.bind(record).run(); !cleared) return cleared;
  return add_elements(*list, record, elements);
}

Status History::add_elements(List& list, std::int64_t record, const CellView& elements) {
  const auto* text = std::get_if<std::string_view>(&elements);
  if (text == nullptr || *text == "[]") return {};
  if (text->find('\\') != text->npos) return list.add_all.bind(record, *text).run();
  // Without escapes, each quote begins or ends an element.  Binding the elements takes a third of
  // the time of json_each.
  for (std::size_t begin = text->find('"'); begin != text->npos;) {
    const std::size_t end = text->find('"', begin + 1);
    const std::string_view element = text->substr(begin + 1, end - begin - 1);
    if (auto added = list.add.bind(record, element).run(); !added) return added;
    begin = end == text->npos ? end : text->find('"', end + 1);
  }
  return {};
}

}  // namespace repopipe
