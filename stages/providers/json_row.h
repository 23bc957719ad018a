// Reads a JSON array of objects into the rows of a field table: one pass over each object, in
// whatever order its keys come.  For every provider whose API answers in such arrays.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/core/field.h"
#include "pipeline/core/listing.h"
#include "pipeline/core/result.h"
#include "stages/json_scratch.h"
#include "stages/providers/json_value.h"

namespace repopipe {

// Finds what a field table says of a key, on one level of nesting.
class KeyIndex {
 public:
  static constexpr std::size_t kLengths = 32;  // every key is shorter

  struct Entry {
    std::string_view key;
    int field;   // which field of the table; -1: none, an object with fields inside
    int nested;  // which level describes that object; -1: none
  };

  void add(Entry entry);
  // Null when the table has nothing under that key.
  const Entry* find(std::string_view key) const;

 private:
  std::array<std::vector<Entry>, kLengths> by_length_;
};

// Made once for a table, then const and safe from any thread.
class JsonRowReader {
 public:
  // `fields` must outlive the reader.
  explicit JsonRowReader(Fields fields);

  // A complete, well-formed array becomes a page; `null` elements are skipped and counted.
  // Anything else fails: as `malformed` what is no such array, as `bad_record` a record with a
  // wrong type or without its identity, with the JSON path and the name of the record.
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
  };

  static void append(const Row& row, RecordBatch& rows);
  Status read_elements(simdjson::ondemand::document& document, std::string_view body,
                       Page& page) const;
  Status read_object(simdjson::ondemand::object object, const KeyIndex& keys, Row& row) const;
  Status read_value(simdjson::ondemand::value& value, const KeyIndex::Entry& entry, Row& row) const;
  Status read_cell(simdjson::ondemand::value& value, int field, Row& row) const;
  Status check_required(const Row& row) const;
  std::string name_of_record(const Row& row) const;

  Fields fields_;
  std::size_t identity_;          // the field with Role::repo_id
  std::vector<KeyIndex> levels_;  // 0 is the top
};

}  // namespace repopipe
