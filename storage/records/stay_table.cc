#include "storage/records/stay_table.h"

#include <string>

namespace repopipe {
namespace {

constexpr std::string_view kOpenStays =
    "SELECT {key}, since, last_seen_at FROM {table} WHERE {parent} = ?1 AND until IS NULL "
    "ORDER BY {key}";

// ?3 since, then the stored fields.
std::string find_stay_sql(const ResourceColumns& columns) {
  const std::string fields = joined(columns.fields, columns.kept, column_of);
  return sql_for(columns, "SELECT " + (fields.empty() ? "NULL" : fields) +
                              " FROM {table} WHERE {parent} = ?1 AND {key} = ?2 AND since = ?3");
}

// The stay begins at ?3, or at the end of the last stay if that is later (the clock was set back).
constexpr std::string_view kSince =
    "max(?3, coalesce((SELECT max(until) FROM {table} WHERE {parent} = ?1 AND {key} = ?2), ''))";
constexpr std::string_view kOpenAgain =
    " ON CONFLICT ({parent}, {key}, since) DO UPDATE SET until = NULL, "
    "last_seen_at = excluded.last_seen_at";

// ?1 parent, ?2 id, ?3 time, then the stored fields.
std::string begin_stay_sql(const ResourceColumns& columns) {
  std::string names = "INSERT INTO {table} ({parent}, {key}, since, last_seen_at";
  std::string values = ") VALUES (?1, ?2, " + std::string(kSince) + ", ?3";
  std::string again(kOpenAgain);
  int parameter = 3;
  for (const std::size_t field : columns.kept) {
    const std::string column = column_of(columns.fields[field]);
    names += ", " + column;
    values += ", ?" + std::to_string(++parameter);
    again += ", " + column + " = excluded." + column;
  }
  return sql_for(columns, names + values + ")" + again);
}

// With the fields of the last stay.
std::string begin_again_sql(const ResourceColumns& columns) {
  std::string fields;
  for (const std::size_t field : columns.kept) fields += ", " + column_of(columns.fields[field]);
  return sql_for(columns, "INSERT INTO {table} ({parent}, {key}, since, last_seen_at" + fields +
                              ") SELECT {parent}, {key}, " + std::string(kSince) + ", ?3" + fields +
                              " FROM {table} WHERE {parent} = ?1 AND {key} = ?2 "
                              "ORDER BY since DESC LIMIT 1" +
                              std::string(kOpenAgain));
}

// ?3 since, ?4 time, then the stored fields.
std::string update_stay_sql(const ResourceColumns& columns) {
  const std::string sql = "UPDATE {table} SET last_seen_at = max(last_seen_at, ?4)" +
                          assignments(columns.fields, columns.kept, 4);
  return sql_for(columns, sql + " WHERE {parent} = ?1 AND {key} = ?2 AND since = ?3");
}

constexpr std::string_view kTouchStay =
    "UPDATE {table} SET last_seen_at = max(last_seen_at, ?4) "
    "WHERE {parent} = ?1 AND {key} = ?2 AND since = ?3";
constexpr std::string_view kEndStay =
    "UPDATE {table} SET until = max(since, ?4) WHERE {parent} = ?1 AND {key} = ?2 AND since = ?3";

constexpr std::string_view kStayChange = R"sql(
INSERT INTO {changes} (run_id, {parent}, {reference}, field, old_value, new_value, changed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (run_id, {parent}, {reference}, field)
DO UPDATE SET new_value = excluded.new_value, changed_at = excluded.changed_at)sql";

constexpr std::string_view kForgetStayChange =
    "DELETE FROM {changes} WHERE run_id = ?1 AND {parent} = ?2 AND {reference} = ?3 "
    "AND old_value IS new_value";

}  // namespace

StayTable::StayTable(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                     const ResourceColumns& columns)
    : run_id_(run_id),
      span_(span),
      columns_(columns),
      open_(prepare(sql_for(columns, kOpenStays))),
      find_(prepare(find_stay_sql(columns))),
      begin_(prepare(begin_stay_sql(columns))),
      begin_again_(prepare(begin_again_sql(columns))),
      update_(prepare(update_stay_sql(columns))),
      touch_(prepare(sql_for(columns, kTouchStay))),
      end_(prepare(sql_for(columns, kEndStay))),
      change_(prepare(sql_for(columns, kStayChange))),
      forget_(prepare(sql_for(columns, kForgetStayChange))) {}

Result<std::vector<Stay>> StayTable::open(std::int64_t parent) {
  std::vector<Stay> stays;
  const Rewind rewind(open_);
  open_.bind(parent);
  for (;;) {
    const auto row = open_.step();
    if (!row) return fail(row.error());
    if (!*row) return stays;
    stays.push_back(
        {parent, open_.integer(0), std::string(open_.text(1)), span_.has(open_.text(2))});
  }
}

Status StayTable::begin(std::int64_t parent, std::int64_t id, const RowView& row,
                        std::string_view now) {
  begin_.bind(parent, id, now);
  int index = 3;
  for (const std::size_t field : columns_.kept) begin_.set(++index, row[field]);
  return begin_.run();
}

Result<bool> StayTable::begin_again(std::int64_t parent, std::int64_t id, std::string_view now) {
  if (auto begun = begin_again_.bind(parent, id, now).run(); !begun) return fail(begun.error());
  return begin_again_.rows_written() > 0;
}

// The values in `find_` of the columns that the row does not have.
StoredCells StayTable::stored_cells(const RowView& row) const {
  StoredCells stored;
  int column = 0;
  for (const std::size_t field : columns_.kept) {
    if (!row.batch->is_told(field)) stored.set(field, find_.cell(column));
    ++column;
  }
  return stored;
}

Result<bool> StayTable::update(const Stay& stay, const RowView& told, std::string_view now) {
  const std::string_view since = stay.since;
  const Rewind rewind(find_);
  if (auto found = find_.bind(stay.parent, stay.id, since).step(); !found) {
    return fail(found.error());
  }
  const StoredCells stored = stored_cells(told);
  const RowView row{told.batch, told.row, &stored};
  const auto differs = record_differences(stay, row, now);
  if (!differs) return differs;
  find_.reset();
  Status done = *differs ? write(stay, row, now) : touch(stay, now);
  if (done && *differs && stay.seen_this_run) {
    done = forget_.bind(run_id_, stay.parent, stay.id).run();
  }
  if (!done) return fail(done.error());
  return *differs;
}

// Compares the row with that of `find_`.
Result<bool> StayTable::record_differences(const Stay& stay, const RowView& row,
                                           std::string_view now) {
  bool differs = false;
  int column = 0;
  for (const std::size_t field : columns_.kept) {
    const int here = column++;
    const CellView value = row[field];
    if (find_.equals(here, value)) continue;
    differs = true;
    auto told = change_
                    .bind(run_id_, stay.parent, stay.id, columns_.fields[field].column,
                          find_.cell(here), value, now)
                    .run();
    if (!told) return fail(told.error());
  }
  return differs;
}

Status StayTable::write(const Stay& stay, const RowView& row, std::string_view now) {
  update_.bind(stay.parent, stay.id, std::string_view(stay.since), now);
  int index = 4;
  for (const std::size_t field : columns_.kept) update_.set(++index, row[field]);
  return update_.run();
}

Status StayTable::touch(const Stay& stay, std::string_view now) {
  return touch_.bind(stay.parent, stay.id, std::string_view(stay.since), now).run();
}

Status StayTable::end(const Stay& stay, std::string_view now) {
  return end_.bind(stay.parent, stay.id, std::string_view(stay.since), now).run();
}

}  // namespace repopipe
