#include "tests/docs/doc_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "pipeline/alerts/event_log.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/transform.h"
#include "pipeline/report/ends.h"
#include "storage/schema/column_meanings.h"
#include "storage/schema/schema.h"

namespace repopipe::docs {
namespace {

// Section of a key; keys without one stand alone.
std::string_view section_of(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == path.npos ? path : path.substr(0, dot);
}

Result<std::string> keys_table(std::string_view section) {
  std::string table = "| key | takes | default | meaning |\n|---|---|---|---|\n";
  const std::size_t empty = table.size();
  for (const JobKey& key : job_keys()) {
    if (section_of(key.path) != section) continue;
    const std::string_view quote = key.path == "name" ? "" : "`";
    table += fmt::format("| `{}` | {} | {}{}{} | {} |\n", key.path, expectation(key), quote,
                         key.default_text, quote, key.meaning);
  }
  if (table.size() == empty) return fail(FailureKind::job, fmt::format("no keys: {}", section));
  return table;
}

std::string transforms_table() {
  std::string table = "| transform | options | effect |\n|---|---|---|\n";
  for (const Transform& transform : transforms()) {
    std::vector<std::string> options;
    for (const TransformOption& option : transform.options) {
      options.push_back(fmt::format(" {}: {}", option.name, option.meaning));
    }
    table += fmt::format("| {} |{} | {} |\n", transform.name, fmt::join(options, ";"),
                         transform.meaning);
  }
  return table;
}

std::string ends_table() {
  std::string table = "| end | first line | cause | what to do |\n|---|---|---|---|\n";
  for (const EndRow& row : end_rows()) {
    const std::string action = action_of(row, {"JOB", "ADDRESS", "ADDRESS"});
    table += fmt::format("| {} | `{} ({})` | {} | {} |\n", row.name, row.word,
                         static_cast<int>(row.exit_code), row.meaning, action);
  }
  return table;
}

std::string log_events_table() {
  std::string table = "| event | level | fields | meaning |\n|---|---|---|---|\n";
  for (const LogEventRow& row : log_events()) {
    table +=
        fmt::format("| `{}` | {} | {} | {} |\n", row.name,
                    row.priority == Priority::info ? "info" : "warning", row.fields, row.meaning);
  }
  return table;
}

// The meaning of a column that is a field of a record; empty if there is none.
std::string_view meaning_of_field(std::string_view column) {
  for (const Resource* resource : providers().front()->resources) {
    const auto field = std::ranges::find(resource->fields, column, &Field::column);
    if (field != resource->fields.end()) return field->meaning;
  }
  return {};
}

// Empty if the column is a field of a record, or unknown.
std::string_view own_meaning(std::string_view table, std::string_view column) {
  for (const auto& rows : {meanings_of_runs(), meanings_of_records(), meanings_of_views()}) {
    for (const ColumnMeaning& row : rows) {
      if (row.table == table && row.column == column) return row.meaning;
    }
  }
  return {};
}

std::string_view meaning_of(std::string_view table, std::string_view column) {
  const std::string_view own = own_meaning(table, column);
  return own.empty() ? meaning_of_field(column) : own;
}

struct ColumnRow {
  std::string column;
  std::string_view meaning;
};

// How many of `rows` at the front have the meaning of the same column of `table`.
std::size_t equal_to(std::string_view table, std::span<const ColumnRow> rows) {
  const auto differs = [&](const ColumnRow& row) {
    return own_meaning(table, row.column) != row.meaning;
  };
  return std::ranges::find_if(rows, differs) - rows.begin();
}

// How many of `rows` at the front have one meaning.
std::size_t equal_to_first(std::span<const ColumnRow> rows) {
  const auto differs = [&](const ColumnRow& row) { return row.meaning != rows.front().meaning; };
  return std::ranges::find_if(rows, differs) - rows.begin();
}

// Five or more columns with the same meaning, or with their meaning in `runs` or `run_users`, are
// one row: "`first` to `last`".
std::string table_of(std::string_view name, std::span<const ColumnRow> rows) {
  constexpr std::size_t kSeveral = 5;
  std::string text = "| column | meaning |\n|---|---|\n";
  while (!rows.empty()) {
    std::size_t count = equal_to_first(rows);
    std::string meaning(rows.front().meaning);
    for (const std::string_view other : {"runs", "run_users"}) {
      const std::size_t equal = other == name ? 0 : equal_to(other, rows);
      if (equal < std::max(count, kSeveral)) continue;
      count = equal;
      meaning = fmt::format("as in `{}`", other);
    }
    if (count < kSeveral) count = 1;
    const std::string last = count == 1 ? "" : fmt::format(" to `{}`", rows[count - 1].column);
    text += fmt::format("| `{}`{} | {} |\n", rows.front().column, last, meaning);
    rows = rows.subspan(count);
  }
  return text;
}

// A temporary folder.  The destructor removes it.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "docs-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Columns of a new database.
class Columns {
 public:
  Columns() {
    auto opened = open_database(scratch_.path() / "docs.db", providers().front()->resources);
    if (!opened) throw std::runtime_error(opened.error().message);
    database_.emplace(std::move(*opened));
  }

  Result<std::string> table(std::string_view name) {
    auto columns = database_->prepare("SELECT name FROM pragma_table_info(?1)");
    if (!columns) return fail(columns.error());
    columns->bind(name);
    std::vector<ColumnRow> rows;
    for (;;) {
      const auto row = columns->step();
      if (!row) return fail(row.error());
      if (!*row) return table_of(name, rows);
      std::string column(columns->text(0));
      const std::string_view meaning = meaning_of(name, column);
      if (meaning.empty()) {
        return fail(FailureKind::internal, fmt::format("{}.{} has no meaning", name, column));
      }
      rows.push_back({std::move(column), meaning});
    }
  }

 private:
  Scratch scratch_;
  std::optional<Database> database_;
};

// The text of `line` between `begin` and `end`; nothing: it does not have both.
std::optional<std::string_view> between(std::string_view line, std::string_view begin,
                                        std::string_view end) {
  if (!line.starts_with(begin) || !line.ends_with(end)) return std::nullopt;
  if (line.size() < begin.size() + end.size()) return std::nullopt;
  return line.substr(begin.size(), line.size() - begin.size() - end.size());
}

class Writer {
 public:
  Result<std::string> write(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1);
      const std::string_view line = text.substr(0, end);
      if (auto added = add(line); !added) return fail(added.error());
      text.remove_prefix(end + 1);
    }
    return out_;
  }

 private:
  Status add(std::string_view line) {
    if (line.starts_with("#")) pending_.clear();
    if (line.starts_with("|") && !pending_.empty()) {
      if (!is_inside_) out_ += pending_;
      is_inside_ = true;
      return {};
    }
    if (is_inside_) {
      is_inside_ = false;
      pending_.clear();
    }
    out_ += line;
    out_ += '\n';
    auto table = table_below(line);
    if (!table) return fail(table.error());
    if (!table->empty()) pending_ = std::move(*table);
    return {};
  }

  Result<std::string> table_below(std::string_view line) {
    if (const auto section = between(line, "<!-- keys ", " -->")) return keys_table(*section);
    if (line == "<!-- transforms -->") return transforms_table();
    if (line == "<!-- log events -->") return log_events_table();
    if (line == "<!-- ends -->") return ends_table();
    if (const auto table = between(line, "### `", "`")) return columns_.table(*table);
    return std::string();
  }

  Columns columns_;
  std::string out_;
  std::string pending_;  // takes the place of the next table
  bool is_inside_ = false;
};

}  // namespace

Result<std::string> with_tables(std::string_view text) {
  return Writer().write(text);
}

}  // namespace repopipe::docs
