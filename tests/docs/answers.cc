#include "tests/docs/answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

namespace repopipe::docs {
namespace {

struct Answer {
  std::vector<std::string> columns;
  std::vector<bool> is_number;  // of each column
  std::vector<std::string> rows;
};

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Prepared = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

// Underscores inside a word are not emphasis
// (https://github.github.com/gfm/#emphasis-and-strong-emphasis).
bool is_inside_word(std::string_view text, std::size_t i) {
  const auto is_letter = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  return i > 0 && is_letter(i - 1) && is_letter(i + 1);
}

std::string cell(sqlite3_stmt* statement, int column) {
  const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  const std::string_view text = value == nullptr ? "" : value;
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_mark = c == '|' || c == '<' || c == '*';
    if (is_mark || (c == '_' && !is_inside_word(text, i))) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

void add_row(sqlite3_stmt* statement, Answer& answer) {
  std::string row = "|";
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    const int type = sqlite3_column_type(statement, i);
    if (type == SQLITE_TEXT) answer.is_number[static_cast<std::size_t>(i)] = false;
    const std::string text = cell(statement, i);
    row += text.empty() ? " |" : fmt::format(" {} |", text);
  }
  answer.rows.push_back(std::move(row));
}

Result<Answer> answer_of(sqlite3* connection, const std::string& sql) {
  const auto failed = [&] {
    return fail(FailureKind::internal, fmt::format("{}: {}", sqlite3_errmsg(connection), sql));
  };
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(connection, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) return failed();
  const Prepared statement(raw, &sqlite3_finalize);
  Answer answer;
  for (int i = 0; i < sqlite3_column_count(raw); ++i) {
    answer.columns.emplace_back(sqlite3_column_name(raw, i));
    answer.is_number.push_back(true);
  }
  int code = sqlite3_step(raw);
  for (; code == SQLITE_ROW; code = sqlite3_step(raw)) add_row(raw, answer);
  if (code != SQLITE_DONE) return failed();
  return answer;
}

std::string header_of(const Answer& answer) {
  return fmt::format("| {} |\n", fmt::join(answer.columns, " | "));
}

std::string table_of(const Answer& answer) {
  std::string table = header_of(answer) + "|";
  for (const bool is_number : answer.is_number) table += is_number ? "--:|" : "---|";
  return fmt::format("{}\n{}\n", table, fmt::join(answer.rows, "\n"));
}

// Reads `text` line by line; the parts are in the order of the text.
struct Part {
  std::string before;  // text up to the end of the block of SQL
  Question question;   // without SQL: the text after the last block
  bool is_example = false;
  std::string table{};  // below the block
};

class Reader {
 public:
  std::vector<Part> read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1);
      add(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    parts_.push_back(std::move(part_));
    return std::move(parts_);
  }

 private:
  void add(std::string_view line) {
    const bool is_below = !parts_.empty() && part_.before.empty();
    if (is_below && line.starts_with("|")) {
      parts_.back().table += fmt::format("{}\n", line);
      return;
    }
    if (is_below && line.empty() && parts_.back().table.empty()) return;
    part_.before += fmt::format("{}\n", line);
    if (line == "```" && std::exchange(is_sql_, false)) return end_part();
    if (is_sql_) part_.question.sql += fmt::format("{}\n", line);
    if (line == "```sql") is_sql_ = true;
    if (line == "<!-- example -->") part_.is_example = true;
    if (line.starts_with("### ")) part_.question.title = line.substr(4, line.find(" *") - 4);
  }

  void end_part() {
    if (part_.question.title.empty() && !parts_.empty()) {
      part_.question.title = parts_.back().question.title;
    }
    parts_.push_back(std::exchange(part_, {}));
  }

  std::vector<Part> parts_;
  Part part_;
  bool is_sql_ = false;
};

Result<std::string> table_for(const Part& part, sqlite3* connection) {
  const auto answer = answer_of(connection, part.question.sql);
  if (!answer) return fail(answer.error());
  if (part.is_example && part.table.starts_with(header_of(*answer))) return part.table;
  if (answer->rows.empty() && !part.is_example) {
    return fail(FailureKind::internal, "no rows: " + part.question.title);
  }
  return table_of(*answer);
}

}  // namespace

std::vector<Question> questions_in(std::string_view text) {
  std::vector<Question> questions;
  for (Part& part : Reader().read(text)) {
    if (!part.question.sql.empty()) questions.push_back(std::move(part.question));
  }
  return questions;
}

Result<std::string> with_answers(std::string_view text, const std::filesystem::path& database) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(database.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  const Connection connection(raw, &sqlite3_close);
  if (code != SQLITE_OK) return fail(FailureKind::internal, "cannot open " + database.string());
  std::string written;
  for (const Part& part : Reader().read(text)) {
    const bool is_below = !written.empty() && !part.before.empty();
    if (is_below && !part.before.starts_with("\n")) written += "\n";
    written += part.before;
    if (part.question.sql.empty()) continue;
    const auto table = table_for(part, connection.get());
    if (!table) return fail(table.error());
    written += "\n" + *table;
  }
  return written;
}

}  // namespace repopipe::docs
