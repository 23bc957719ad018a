#include "tests/fuzz/page_checks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/base/text.h"
#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_string_list(std::string_view text) {
  const auto list = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  return list.is_array() &&
         std::ranges::all_of(list, [](const nlohmann::json& item) { return item.is_string(); });
}

void check_cell(const Field& field, const CellView& cell) {
  if (std::holds_alternative<std::monostate>(cell)) {
    require(field.presence == Presence::optional, "a required field is not null", field.json);
    return;
  }
  switch (field.type) {
    case FieldType::integer:
      return require(std::holds_alternative<std::int64_t>(cell), "a number is one", field.json);
    case FieldType::boolean: {
      const auto* truth = std::get_if<std::int64_t>(&cell);
      return require(truth && (*truth == 0 || *truth == 1), "a truth value is 0 or 1", field.json);
    }
    case FieldType::time:
    case FieldType::text: {
      const auto* text = std::get_if<std::string_view>(&cell);
      require(text && is_utf8(*text), "a text is UTF-8", field.json);
      return require(text->find('\0') == text->npos, "a text has no NUL", field.json);
    }
    case FieldType::text_list: {
      const auto* text = std::get_if<std::string_view>(&cell);
      return require(text && is_string_list(*text), "a text list is a JSON array of strings",
                     text ? *text : field.json);
    }
  }
}

void check_rows(const RecordBatch& rows) {
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    for (std::size_t field = 0; field < rows.fields().size(); ++field) {
      check_cell(rows.fields()[field], rows.at(row, field));
    }
  }
}

void check_skips(const Page& page) {
  const auto bad = page.skipped_ids.size() + static_cast<std::size_t>(page.unnamed_skips);
  require(page.unnamed_skips >= 0 && bad == static_cast<std::size_t>(page.skipped),
          "every record that is skipped is counted");
  require((bad > 0) == !page.skip_note.empty(), "a note names the first skipped record");
  if (bad > 0) require_line(page.skip_note);
  // Nulls may be many; of the others those with an id are known.
  const std::size_t named = page.skipped_ids.size();
  require(named <= 1 || named * 10 <= bad + page.rows.rows(), "few records are skipped");
}

}  // namespace

void check_page(const Page& page) {
  check_rows(page.rows);
  check_skips(page);
}

bool same(const RecordBatch& left, const RecordBatch& right) {
  if (left.rows() != right.rows()) return false;
  for (std::size_t row = 0; row < left.rows(); ++row) {
    for (std::size_t field = 0; field < left.fields().size(); ++field) {
      if (left.at(row, field) != right.at(row, field)) return false;
    }
  }
  return true;
}

}  // namespace repopipe::fuzz
