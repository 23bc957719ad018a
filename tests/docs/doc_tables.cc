#include "tests/docs/doc_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/alerts/event_log.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/transform.h"
#include "pipeline/report/ends.h"
#include "tests/docs/described_schema.h"

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

// How many of `rows` at the front have the meaning of the same column of `table`.
std::size_t equal_to(std::string_view table, std::span<const DescribedColumn> rows) {
  const auto differs = [&](const DescribedColumn& row) {
    return meaning_of_column(table, row.column) != row.meaning;
  };
  return std::ranges::find_if(rows, differs) - rows.begin();
}

// How many of `rows` at the front have one meaning.
std::size_t equal_to_first(std::span<const DescribedColumn> rows) {
  const auto differs = [&](const DescribedColumn& row) {
    return row.meaning != rows.front().meaning;
  };
  return std::ranges::find_if(rows, differs) - rows.begin();
}

// Five or more columns with the same meaning, or with their meaning in `runs` or `run_users`, are
// one row: "`first` to `last`".
std::string table_of(std::string_view name, std::span<const DescribedColumn> rows) {
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
    const auto table = between(line, "### `", "`");
    if (!table) return std::string();
    const auto columns = schema_.columns(*table);
    if (!columns) return fail(columns.error());
    return table_of(*table, *columns);
  }

  DescribedSchema schema_;
  std::string out_;
  std::string pending_;  // takes the place of the next table
  bool is_inside_ = false;
};

}  // namespace

Result<std::string> with_tables(std::string_view text) {
  return Writer().write(text);
}

}  // namespace repopipe::docs
