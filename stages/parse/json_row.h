// Reads a JSON array of objects into the rows of a field table: one pass over each object, in
// whatever order its keys come.  For every provider whose API answers in such arrays.
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

// Made once for a table, then const and safe from any thread.
class JsonRowReader {
 public:
  // `fields` must outlive the reader.
  explicit JsonRowReader(Fields fields);

  // A complete, well-formed array becomes a page; `null` elements are skipped and counted.  So is a
  // record without one of its required fields or with a wrong type there, see Page::skip_note; an
  // optional field of a wrong type becomes NULL.  Invalid UTF-8 and raw control characters are
  // mended; a number beyond a double and nesting beyond 64 levels are values of a wrong type.  What
  // is no such array fails as `malformed`; a page of which more than a tenth of the records, or
  // all, would be skipped as `bad_record`.
  Result<Page> read(PaddedText body, int page_number, JsonScratch& scratch) const;

 private:
  struct Cell {
    enum class Kind { missing, null, integer, text } kind = Kind::missing;
    std::int64_t integer = 0;
    std::string_view text;  // in the parser's memory, or in `Row::texts`
  };
  struct Row {
    std::vector<Cell> cells;
    std::vector<std::string> texts;  // made here: text lists and mended texts, by field
    Escapes escapes;                 // of the document
    std::string wrong{};             // the first required field of a wrong type, and why
    std::string null{};              // tells of the first `null` element
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
  std::vector<MemberIndex> levels_;  // 0 is the top
};

}  // namespace repopipe
