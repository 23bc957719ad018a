#include "storage/store/history.h"

#include <string>

namespace repopipe {
namespace {

// Of an INSERT whose values follow the moment; `values` has a place for each statistic.
std::string open_sql(const ResourceColumns& columns, const std::string& values) {
  std::string names = "INSERT INTO repo_stats (repo_id, valid_from";
  std::string again = " ON CONFLICT (repo_id, valid_from) DO UPDATE SET valid_to = NULL";
  for (const std::size_t index : columns.statistics) {
    const std::string column = column_of(columns.fields[index]);
    names += ", " + column;
    again += ", " + column + " = excluded." + column;
  }
  return names + ") " + values + again;
}

// ?1 repo_id, ?2 moment, then the statistics.
std::string open_sql(const ResourceColumns& columns) {
  std::string values = "VALUES (?, ?";
  for (std::size_t i = 0; i < columns.statistics.size(); ++i) values += ", ?";
  return open_sql(columns, values + ")");
}

// ?1 repo_id, ?2 moment.
std::string open_stored_sql(const ResourceColumns& columns) {
  std::string values = "SELECT id, ?2";
  for (const std::size_t index : columns.statistics) {
    values += ", " + column_of(columns.fields[index]);
  }
  return open_sql(columns, values + " FROM repos WHERE id = ?1");
}

// ?1 repo_id, then the statistics.
std::string amend_sql(const ResourceColumns& columns) {
  std::string sql = "UPDATE repo_stats SET valid_to = NULL";
  int parameter = 1;
  for (const std::size_t index : columns.statistics) {
    sql += ", " + column_of(columns.fields[index]) + " = ?" + std::to_string(++parameter);
  }
  return sql + " WHERE repo_id = ?1 AND valid_to IS NULL";
}

constexpr std::string_view kEnd =
    "UPDATE repo_stats SET valid_to = ?2 "
    "WHERE repo_id = ?1 AND valid_to IS NULL AND valid_from < ?2";

constexpr std::string_view kChange = R"sql(
INSERT INTO repo_changes (run_id, repo_id, field, old_value, new_value, changed_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (run_id, repo_id, field)
DO UPDATE SET new_value = excluded.new_value, changed_at = excluded.changed_at)sql";

constexpr std::string_view kForget =
    "DELETE FROM repo_changes WHERE run_id = ?1 AND repo_id = ?2 AND old_value IS new_value";

constexpr std::string_view kClearTopics = "DELETE FROM repo_topics WHERE repo_id = ?1";

// A list may name a topic twice.
constexpr std::string_view kAddTopic =
    "INSERT OR IGNORE INTO repo_topics (repo_id, topic) VALUES (?1, ?2)";

// Of a list that has escapes in it.
constexpr std::string_view kAddTopics =
    "INSERT OR IGNORE INTO repo_topics (repo_id, topic) SELECT ?1, value FROM json_each(?2) "
    "WHERE type = 'text'";

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
      end_(prepare(kEnd)),
      amend_(prepare(amend_sql(columns))),
      change_(prepare(kChange)),
      forget_(prepare(kForget)),
      clear_topics_(prepare(kClearTopics)),
      add_topic_(prepare(kAddTopic)),
      add_topics_(prepare(kAddTopics)) {}

Status History::begin(std::int64_t repo, const RowView& row, std::string_view now) {
  if (auto opened = open_interval(repo, row, now); !opened) return opened;
  return columns_.topics ? add_topics(repo, row[*columns_.topics]) : Status{};
}

Status History::open_interval(std::int64_t repo, const RowView& row, std::string_view now) {
  open_.bind(repo, now);
  int index = 2;
  for (const std::size_t field : columns_.statistics) open_.set(++index, row[field]);
  return open_.run();
}

Status History::statistics(std::int64_t repo, const RowView& row, std::string_view now) {
  if (auto ended = end_.bind(repo, now).run(); !ended) return ended;
  if (end_.rows_written() > 0) return open_interval(repo, row, now);
  amend_.bind(repo);
  int index = 1;
  for (const std::size_t field : columns_.statistics) amend_.set(++index, row[field]);
  if (auto amended = amend_.run(); !amended) return amended;
  return amend_.rows_written() > 0 ? Status{} : open_interval(repo, row, now);
}

Status History::begin_again(std::int64_t repo, std::string_view now) {
  return open_stored_.bind(repo, now).run();
}

Status History::changed(std::int64_t repo, std::string_view field, const CellView& from,
                        const CellView& to, std::string_view now) {
  return change_.bind(run_id_, repo, field, from, to, now).run();
}

Status History::forget_undone_changes(std::int64_t repo) {
  return forget_.bind(run_id_, repo).run();
}

Status History::topics(std::int64_t repo, const CellView& list) {
  if (auto cleared = clear_topics_.bind(repo).run(); !cleared) return cleared;
  return add_topics(repo, list);
}

Status History::add_topics(std::int64_t repo, const CellView& list) {
  const auto* text = std::get_if<std::string_view>(&list);
  if (text == nullptr || *text == "[]") return {};
  if (text->find('\\') != text->npos) return add_topics_.bind(repo, *text).run();
  // Without escapes every quote begins or ends a topic; binding them takes a third of the time that
  // json_each does.
  for (std::size_t begin = text->find('"'); begin != text->npos;) {
    const std::size_t end = text->find('"', begin + 1);
    const std::string_view topic = text->substr(begin + 1, end - begin - 1);
    if (auto added = add_topic_.bind(repo, topic).run(); !added) return added;
    begin = end == text->npos ? end : text->find('"', end + 1);
  }
  return {};
}

}  // namespace repopipe
