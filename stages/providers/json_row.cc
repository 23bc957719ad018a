#include "stages/providers/json_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <new>

#include "pipeline/core/hash.h"
#include "pipeline/core/text.h"
#include "stages/providers/json_value.h"
#include "stages/providers/surrogates.h"

namespace repopipe {
namespace {

namespace ondemand = simdjson::ondemand;

tl::unexpected<Failure> malformed(std::string message) {
  return fail(FailureKind::malformed, std::move(message));
}

// No fault of the text: what runs out of memory throws, here as anywhere else.
tl::unexpected<Failure> malformed(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  return malformed(fmt::format("not valid JSON: {}", simdjson::error_message(error)));
}

// The document is whole, but this record is not as the API documents it.
tl::unexpected<Failure> bad_record(std::string message) {
  return fail(FailureKind::bad_record, std::move(message));
}

std::string_view name_of(FieldType type) {
  switch (type) {
    case FieldType::integer:
      return "a whole number";
    case FieldType::boolean:
      return "true or false";
    case FieldType::text:
      return "a string";
    case FieldType::text_list:
      return "an array of strings";
  }
  return "";
}

// The array as compact JSON.  Elements keep their escapes; each is checked to be a string.
simdjson::error_code compact_list(ondemand::value value, Escapes& escapes, std::string& json) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  json = "[";
  for (auto element : array) {
    ondemand::value item;
    if (const auto error = element.get(item)) return error;
    const std::string_view raw = trim(item.raw_json_token());
    std::string kept;
    std::string_view text;
    if (const auto error = read_text(item, escapes, kept, text)) return error;
    if (json.size() > 1) json += ',';
    if (kept.empty()) {
      json += raw;
    } else {
      json += mend_surrogates(raw);
    }
  }
  json += ']';
  return simdjson::SUCCESS;
}

std::size_t index_of(Fields fields, Role role) {
  return static_cast<std::size_t>(std::ranges::find(fields, role, &Field::role) - fields.begin());
}

// FNV-1a over the identities in their order; 0 for no rows.
std::uint64_t digest_of(const RecordBatch& rows, std::size_t identity) {
  if (rows.rows() == 0 || identity >= rows.fields().size()) return 0;
  Fnv1a digest;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const CellView id = rows.at(row, identity);
    const auto* number = std::get_if<std::int64_t>(&id);
    digest.add(static_cast<std::uint64_t>(number ? *number : 0));
  }
  return digest.value();
}

}  // namespace

void KeyIndex::add(Entry entry) {
  assert(entry.key.size() < kLengths);
  by_length_[entry.key.size()].push_back(entry);
}

const KeyIndex::Entry* KeyIndex::find(std::string_view key) const {
  if (key.size() >= kLengths) return nullptr;
  for (const Entry& entry : by_length_[key.size()]) {
    // Most keys of one length differ here already.
    if (entry.key.front() != key.front() || entry.key.back() != key.back()) continue;
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

JsonRowReader::JsonRowReader(Fields fields)
    : fields_(fields), identity_(index_of(fields, Role::repo_id)), levels_(1) {
  std::map<std::string_view, int> nested;
  for (int i = 0; i < static_cast<int>(fields.size()); ++i) {
    const std::string_view path = fields[static_cast<std::size_t>(i)].json;
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
      levels_[0].add({path, i, -1});
      continue;
    }
    const auto [level, is_new] =
        nested.emplace(path.substr(0, dot), static_cast<int>(levels_.size()));
    if (is_new) {
      levels_[0].add({level->first, -1, level->second});
      levels_.emplace_back();
    }
    levels_[static_cast<std::size_t>(level->second)].add({path.substr(dot + 1), i, -1});
  }
}

Result<Page> JsonRowReader::read(PaddedText body, int page_number, JsonScratch& scratch) const {
  ondemand::document document;
  const simdjson::padded_string_view text(body.text.data(), body.text.size(), body.capacity);
  if (const auto error = scratch.parser.iterate(text).get(document)) return malformed(error);
  Page page{.number = page_number, .rows = RecordBatch(fields_)};
  if (const Status status = read_elements(document, body.text, page); !status)
    return fail(status.error());
  page.digest = digest_of(page.rows, identity_);
  return page;
}

Status JsonRowReader::read_elements(ondemand::document& document, std::string_view body,
                                    Page& page) const {
  ondemand::array array;
  if (document.get_array().get(array)) return malformed("expected a JSON array of records");
  Row row{.cells = std::vector<Cell>(fields_.size()),
          .texts = std::vector<std::string>(fields_.size()),
          .escapes = Escapes(body)};
  std::size_t index = 0;
  for (auto element : array) {
    ondemand::value value;
    if (const auto error = element.get(value)) return malformed(error);
    bool is_null = false;
    if (const auto error = value.is_null().get(is_null)) return malformed(error);
    ++index;
    if (is_null) {
      ++page.skipped;
      continue;
    }
    ondemand::object object;
    if (value.get_object().get(object)) {
      return bad_record(fmt::format("$[{}] is not an object", index - 1));
    }
    std::ranges::fill(row.cells, Cell{});
    Status status = read_object(object, levels_[0], row);
    if (status) status = check_required(row);
    if (!status) {
      return fail(status.error().kind,
                  fmt::format("$[{}]{}{}", index - 1, status.error().message, name_of_record(row)));
    }
    append(row, page.rows);
  }
  if (!document.current_location().error()) return malformed("more text follows the JSON array");
  return {};
}

void JsonRowReader::append(const Row& row, RecordBatch& rows) {
  for (const Cell& cell : row.cells) {
    switch (cell.kind) {
      case Cell::Kind::missing:
      case Cell::Kind::null:
        rows.add_null();
        break;
      case Cell::Kind::integer:
        rows.add_integer(cell.integer);
        break;
      case Cell::Kind::text:
        rows.add_text(cell.text);
        break;
    }
  }
}

Status JsonRowReader::read_object(ondemand::object object, const KeyIndex& keys, Row& row) const {
  for (auto each : object) {
    if (const auto error = each.error()) {
      return malformed(fmt::format(": {}", simdjson::error_message(error)));
    }
    ondemand::field& field = each.value_unsafe();
    const KeyIndex::Entry* entry = keys.find(raw_key(field));
    if (entry == nullptr) {
      if (const auto error = check_field(field, row.escapes)) return malformed(error);
      continue;
    }
    if (Status status = read_value(field.value(), *entry, row); !status) return status;
  }
  return {};
}

Status JsonRowReader::read_value(ondemand::value& value, const KeyIndex::Entry& entry,
                                 Row& row) const {
  if (entry.field >= 0) return read_cell(value, entry.field, row);
  bool is_null = false;
  if (!value.is_null().get(is_null) && is_null) return {};
  ondemand::object object;
  if (value.get_object().get(object)) {
    return bad_record(fmt::format(".{} is not an object", entry.key));
  }
  return read_object(object, levels_[static_cast<std::size_t>(entry.nested)], row);
}

Status JsonRowReader::read_cell(ondemand::value& value, int index, Row& row) const {
  const Field& field = fields_[static_cast<std::size_t>(index)];
  Cell& cell = row.cells[static_cast<std::size_t>(index)];
  bool truth = false;
  simdjson::error_code error = value.is_null().get(truth);
  if (!error && truth) {
    cell.kind = Cell::Kind::null;
    return {};
  }
  switch (field.type) {
    case FieldType::integer:
      error = value.get_int64().get(cell.integer);
      cell.kind = Cell::Kind::integer;
      break;
    case FieldType::boolean:
      error = value.get_bool().get(truth);
      cell.integer = truth ? 1 : 0;
      cell.kind = Cell::Kind::integer;
      break;
    case FieldType::text:
      error = read_text(value, row.escapes, row.texts[static_cast<std::size_t>(index)], cell.text);
      cell.kind = Cell::Kind::text;
      break;
    case FieldType::text_list:
      error = compact_list(value, row.escapes, row.texts[static_cast<std::size_t>(index)]);
      cell.text = row.texts[static_cast<std::size_t>(index)];
      cell.kind = Cell::Kind::text;
      break;
  }
  if (!error) return {};
  cell.kind = Cell::Kind::missing;
  return bad_record(fmt::format(".{} is not {}", field.json, name_of(field.type)));
}

Status JsonRowReader::check_required(const Row& row) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].presence == Presence::optional) continue;
    if (row.cells[i].kind == Cell::Kind::missing) {
      return bad_record(fmt::format(".{} is missing", fields_[i].json));
    }
    if (row.cells[i].kind == Cell::Kind::null) {
      return bad_record(fmt::format(".{} is null", fields_[i].json));
    }
  }
  return {};
}

// " (repository octocat/hello)", by the best that was read of it.
std::string JsonRowReader::name_of_record(const Row& row) const {
  for (const std::string_view column : {"full_name", "name", "id"}) {
    const auto field = std::ranges::find(fields_, column, &Field::column);
    if (field == fields_.end()) continue;
    const Cell& cell = row.cells[static_cast<std::size_t>(field - fields_.begin())];
    if (cell.kind == Cell::Kind::text) {
      return fmt::format(" (repository {})", printable(cell.text));
    }
    if (cell.kind == Cell::Kind::integer) return fmt::format(" (repository {})", cell.integer);
  }
  return "";
}

}  // namespace repopipe
