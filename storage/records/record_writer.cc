#include "storage/records/record_writer.h"

#include <algorithm>

namespace repopipe {
namespace {

// Two columns of the store, then the stored fields.
constexpr int kFirstField = 2;

std::string find_sql(const ResourceColumns& columns) {
  return sql_for(columns, "SELECT gone_since, last_seen_at, " +
                              joined(columns.fields, columns.kept, column_of) +
                              " FROM {table} WHERE {key} = ?1");
}

// ?1 id, then the stored fields, then the time, and last_changed_at or NULL to keep it.
std::string update_sql(const ResourceColumns& columns) {
  std::string sql =
      "UPDATE {table} SET gone_since = NULL" + assignments(columns.fields, columns.kept, 1);
  std::size_t parameter = 1 + columns.kept.size();
  sql += ", last_seen_at = ?" + std::to_string(++parameter);
  sql += ", last_changed_at = coalesce(?" + std::to_string(++parameter) + ", last_changed_at)";
  return sql_for(columns, sql + " WHERE {key} = ?1");
}

constexpr std::string_view kTouch = "UPDATE {table} SET last_seen_at = ?2 WHERE {key} = ?1";
constexpr std::string_view kBack = "UPDATE {table} SET gone_since = NULL WHERE {key} = ?1";

}  // namespace

RecordWriter::RecordWriter(Preparation& prepare, const RunInterval& span,
                           const ResourceColumns& columns, History& history)
    : span_(span),
      columns_(columns),
      history_(history),
      owner_column_(kFirstField +
                    static_cast<int>(std::ranges::find(columns.kept, columns.account_id) -
                                     columns.kept.begin())),
      find_(prepare(find_sql(columns))),
      update_(prepare(update_sql(columns))),
      touch_(prepare(sql_for(columns, kTouch))),
      back_(prepare(sql_for(columns, kBack))) {}

Result<bool> RecordWriter::update(std::int64_t record, const RowView& told, std::string_view now) {
  now_ = now;
  const Rewind rewind(find_);
  if (auto found = find_.bind(record).step(); !found) return fail(found.error());
  const Known before = known();
  const bool is_whole = told.batch->not_told() == 0;
  const StoredCells stored = is_whole ? StoredCells{} : stored_cells(told);
  const RowView row{told.batch, told.row, is_whole ? nullptr : &stored};
  note_owner(row, before.newer);
  if (before.newer) return false;
  const bool back = !before.gone_since.empty();
  Status done;
  if (back) done = tell_return(record, before);
  if (!done) return fail(done.error());
  const auto differs = record_differences(record, row);
  if (!differs) return fail(differs.error());
  find_.reset();
  if (differs->statistics || back) done = history_.statistics(record, row, now_);
  const bool changed = differs->attributes || differs->statistics || back;
  if (done && before.seen_this_run && changed) done = history_.forget_undone_changes(record);
  if (done)
    done = changed ? write(record, row, differs->attributes) : touch_.bind(record, now_).run();
  if (!done) return fail(done.error());
  return changed;
}

// Two lists had the same record.  The one that no longer has it may still be requested with the
// ETag of a page that has it.  If the API then answers 304, the record is missed: so that list is
// read in full.
void RecordWriter::note_owner(const RowView& row, bool is_older) {
  const CellView owner = row[columns_.account_id];
  if (find_.equals(owner_column_, owner)) return;
  const CellView other = is_older ? owner : find_.cell(owner_column_);
  if (const auto* account = std::get_if<std::int64_t>(&other)) disputed_.push_back(*account);
}

StoredCells RecordWriter::stored_cells(const RowView& row) const {
  StoredCells stored;
  int column = kFirstField;
  for (const std::size_t field : columns_.kept) {
    if (!row.batch->is_told(field)) stored.set(field, find_.cell(column));
    ++column;
  }
  return stored;
}

RecordWriter::Known RecordWriter::known() const {
  const std::string_view seen = find_.text(1);
  Known known;
  known.gone_since = find_.text(0);
  known.seen_this_run = span_.has(seen);
  known.newer = known.seen_this_run && seen > now_;
  return known;
}

Status RecordWriter::tell_return(std::int64_t record, const Known& known) {
  return history_.changed(record, "gone_since", std::string_view(known.gone_since),
                          std::monostate{}, now_);
}

Result<RecordWriter::Difference> RecordWriter::record_differences(std::int64_t record,
                                                                  const RowView& row) {
  Difference difference;
  int column = kFirstField;
  for (const std::size_t field : columns_.kept) {
    const int here = column++;
    const CellView value = row[field];
    if (find_.equals(here, value)) continue;
    if (columns_.fields[field].role == Role::statistic) {
      difference.statistics = true;
      continue;
    }
    difference.attributes = true;
    Status told =
        history_.changed(record, columns_.fields[field].column, find_.cell(here), value, now_);
    if (told && columns_.fields[field].type == FieldType::text_list) {
      told = history_.elements(record, field, value);
    }
    if (!told) return fail(told.error());
  }
  return difference;
}

Status RecordWriter::write(std::int64_t record, const RowView& row, bool attributes_changed) {
  update_.bind(record);
  int index = 1;
  for (const std::size_t field : columns_.kept) update_.set(++index, row[field]);
  update_.set(++index, now_);
  update_.set(++index, attributes_changed ? std::optional(now_) : std::nullopt);
  return update_.run();
}

Status RecordWriter::reappear(std::int64_t record, std::string_view now) {
  now_ = now;
  const Rewind rewind(find_);
  if (auto found = find_.bind(record).step(); !found) return fail(found.error());
  const Known before = known();
  find_.reset();
  Status done = tell_return(record, before);
  if (done) done = history_.begin_again(record, now);
  return done ? back_.bind(record).run() : done;
}

}  // namespace repopipe
