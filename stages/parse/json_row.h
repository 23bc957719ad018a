// Reads a JSON array of objects into rows of a field table, in one pass, with keys in any order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/resource.h"
#include "stages/parse/json_value.h"

namespace repopipe {

// After construction const and usable from any thread.
class JsonRowReader {
 public:
  // `fields` must outlive the reader.
  explicit JsonRowReader(Fields fields);

  // Reads a complete, valid array into a page.  `null` elements are skipped and counted, as are
  // records with a missing or mistyped required field, see Page::skip_note; a mistyped optional
  // field becomes NULL.  Invalid UTF-8 and raw control characters are replaced.  A number beyond a
  // double and nesting beyond 64 levels count as mistyped.  Fails as `malformed` if it is not such
  // an array, as `bad_record` if too many records are skipped, see check_skips().
  Result<Page> read(PaddedText body, int page_number, JsonScratch& scratch) const;

 private:
  struct Cell {
    enum class Kind { missing, null, integer, text } kind = Kind::missing;
    std::int64_t integer = 0;
    std::string_view text;  // in the parser's buffer, or in `Row::texts`
  };
  struct Row {
    std::vector<Cell> cells;
    std::vector<std::string> texts;  // by field: text lists, and strings with replacements
    Escapes escapes;                 // of the document
    std::string wrong{};             // the first mistyped required field, with the reason
    std::string null{};              // describes the first `null` element
  };

  static void append(const Row& row, RecordBatch& rows);
  Result<Page> read_text(PaddedText body, int page_number, JsonScratch& scratch) const;
  Status read_elements(simdjson::ondemand::document& document, Escapes escapes, Page& page) const;
  Status read_element(simdjson::ondemand::value& value, std::size_t index, Row& row,
                      Page& page) const;
  void skip(const Row& row, std::string note, Page& page) const;
  Status read_object(simdjson::ondemand::object object, const MemberIndex& keys, Row& row) const;
  Status read_value(simdjson::ondemand::value& value, const MemberIndex::Entry& entry,
                    Row& row) const;
  Status read_cell(simdjson::ondemand::value& value, int field, Row& row) const;
  Status read_scalar(simdjson::ondemand::value& value, int field, Row& row) const;
  Status pass_over(simdjson::ondemand::value& value, Row& row) const;
  std::string what_is_missing(const Row& row) const;
  std::string name_of_record(const Row& row) const;

  Fields fields_;
  std::size_t identity_;             // the field with Identity::yes
  std::vector<MemberIndex> levels_;  // 0: top level
};

}  // namespace repopipe
