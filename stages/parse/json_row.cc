#include "stages/parse/json_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <new>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "stages/parse/json_account.h"
#include "stages/parse/json_value.h"
#include "stages/parse/mend_json.h"

namespace repopipe {
namespace {

namespace ondemand = simdjson::ondemand;

tl::unexpected<Failure> malformed(std::string message) {
  return fail(FailureKind::malformed, std::move(message));
}

// Memory errors are thrown, as everywhere; the others are errors of the text.
tl::unexpected<Failure> malformed(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
  return malformed(fmt::format("not valid JSON: {}", simdjson::error_message(error)));
}

// For an error within a record.
Status broken(simdjson::error_code error) {
  return malformed(fmt::format(": {}", simdjson::error_message(error)));
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
    case FieldType::time:
      return "a time";
  }
  return "";
}

std::size_t index_of_identity(Fields fields) {
  const auto field = std::ranges::find(fields, Identity::yes, &Field::identity);
  return static_cast<std::size_t>(field - fields.begin());
}

}  // namespace

JsonRowReader::JsonRowReader(Fields fields)
    : fields_(fields), identity_(index_of_identity(fields)), levels_(1) {
  std::map<std::string_view, int> nested;
  for (int i = 0; i < static_cast<int>(fields.size()); ++i) {
    const Field& field = fields[static_cast<std::size_t>(i)];
    if (!field.older.empty()) levels_[0].add({field.older, i, -1, true});
    const std::string_view path = field.json;
    if (path.empty()) continue;  // derived
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
  auto page = read_text(body, page_number, scratch);
  if (page || !policy_of(page.error().kind).not_of_api) return page;
  auto mended = mend_json(body.text);
  if (auto values = mend_values(mended ? *mended : body.text)) mended = std::move(values);
  if (!mended) return page;
  ScratchBuffer buffer;
  return read_text(buffer.copy(*mended), page_number, scratch);
}

Result<Page> JsonRowReader::read_text(PaddedText body, int page_number,
                                      JsonScratch& scratch) const {
  ondemand::document document;
  const simdjson::padded_string_view text(body.text.data(), body.text.size(), body.capacity);
  if (const auto error = scratch.parser.iterate(text).get(document)) return malformed(error);
  Page page{.number = page_number, .rows = RecordBatch(fields_)};
  const Escapes escapes(body.text, scratch.parser);
  if (const Status status = read_elements(document, escapes, page); !status) {
    return fail(status.error());
  }
  if (may_hold_secret(page.rows.texts())) page.rows.change_texts(data_without_secrets);
  page.digest = digest_of(page.rows, identity_);
  return page;
}

Status JsonRowReader::read_elements(ondemand::document& document, Escapes escapes,
                                    Page& page) const {
  ondemand::array array;
  if (document.get_array().get(array)) return malformed("expected a JSON array of records");
  Row row{.cells = std::vector<Cell>(fields_.size()),
          .texts = std::vector<std::string>(fields_.size()),
          .escapes = escapes};
  std::size_t index = 0;
  for (auto element : array) {
    ondemand::value value;
    if (const auto error = element.get(value)) return malformed(error);
    if (Status status = read_element(value, index, row, page); !status) return status;
    ++index;
  }
  if (!document.current_location().error()) return malformed("more text follows the JSON array");
  if (Status status = check_skips(page); !status) return status;
  count_nulls(row.null, page);
  return {};
}

Status JsonRowReader::read_element(ondemand::value& value, std::size_t index, Row& row,
                                   Page& page) const {
  bool is_null = false;
  if (const auto error = value.is_null().get(is_null)) return malformed(error);
  if (is_null) {
    if (row.null.empty()) row.null = fmt::format("$[{}] is null", index);
    ++page.skipped;
    return {};
  }
  std::ranges::fill(row.cells, Cell{});
  row.wrong.clear();
  ondemand::object object;
  if (value.get_object().get(object)) {
    if (Status status = pass_over(value, row); !status) {
      return malformed(fmt::format("$[{}]{}", index, status.error().message));
    }
    skip(row, fmt::format("$[{}] is not an object", index), page);
    return {};
  }
  if (Status status = read_object(object, levels_[0], row); !status) {
    return fail(status.error().kind, fmt::format("$[{}]{}", index, status.error().message));
  }
  const std::string why = row.wrong.empty() ? what_is_missing(row) : row.wrong;
  if (why.empty()) {
    append(row, page.rows);
  } else {
    skip(row, fmt::format("$[{}]{}{}", index, why, name_of_record(row)), page);
  }
  return {};
}

void JsonRowReader::skip(const Row& row, std::string note, Page& page) const {
  ++page.skipped;
  const Cell& id = row.cells[identity_];
  if (id.kind == Cell::Kind::integer) {
    page.skipped_ids.push_back(id.integer);
  } else {
    ++page.unnamed_skips;
  }
  if (page.skip_note.empty()) page.skip_note = std::move(note);
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

Status JsonRowReader::read_object(ondemand::object object, const MemberIndex& keys,
                                  Row& row) const {
  for (auto each : object) {
    if (const auto error = each.error()) return broken(error);
    ondemand::field& field = each.value_unsafe();
    const MemberIndex::Entry* entry = keys.find(raw_key(field));
    const bool is_known =
        entry != nullptr &&
        (!entry->is_older ||
         row.cells[static_cast<std::size_t>(entry->field)].kind == Cell::Kind::missing);
    if (!is_known) {
      if (const auto error = check_field(field, row.escapes)) return malformed(error);
      continue;
    }
    if (Status status = read_value(field.value(), *entry, row); !status) return status;
  }
  return {};
}

Status JsonRowReader::read_value(ondemand::value& value, const MemberIndex::Entry& entry,
                                 Row& row) const {
  if (entry.field >= 0) return read_cell(value, entry.field, row);
  bool is_null = false;
  if (!value.is_null().get(is_null) && is_null) return {};
  ondemand::object object;
  if (value.get_object().get(object)) return pass_over(value, row);  // its fields are missing
  return read_object(object, levels_[static_cast<std::size_t>(entry.nested)], row);
}

Status JsonRowReader::read_cell(ondemand::value& value, int index, Row& row) const {
  Cell& cell = row.cells[static_cast<std::size_t>(index)];
  bool is_null = false;
  if (!value.is_null().get(is_null) && is_null) {
    cell.kind = Cell::Kind::null;
    return {};
  }
  return read_scalar(value, index, row);
}

// A value of the wrong type becomes NULL, or an error if the field is required.
Status JsonRowReader::read_scalar(ondemand::value& value, int index, Row& row) const {
  const Field& field = fields_[static_cast<std::size_t>(index)];
  Cell& cell = row.cells[static_cast<std::size_t>(index)];
  std::string& text = row.texts[static_cast<std::size_t>(index)];
  bool truth = false;
  bool is_past = false;
  simdjson::error_code error = simdjson::SUCCESS;
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
      error = repopipe::read_text(value, row.escapes, text, cell.text);
      cell.kind = Cell::Kind::text;
      break;
    case FieldType::time:
      error = repopipe::read_time(value, row.escapes, text, cell.text, is_past);
      cell.kind = cell.text.empty() ? Cell::Kind::null : Cell::Kind::text;
      break;
    case FieldType::text_list:
      is_past = value.raw_json_token().starts_with('[');
      error = read_text_list(value, row.escapes, text);
      cell.text = text;
      cell.kind = Cell::Kind::text;
      break;
  }
  if (!error) return {};
  cell.kind = Cell::Kind::missing;
  if (is_past && error != simdjson::INCORRECT_TYPE) return broken(error);
  if (field.presence == Presence::required && row.wrong.empty()) {
    row.wrong = fmt::format(".{} is not {}", field.json, name_of(field.type));
  }
  return is_past ? Status{} : pass_over(value, row);
}

Status JsonRowReader::pass_over(ondemand::value& value, Row& row) const {
  const auto error = check_value(value, row.escapes);
  return error ? broken(error) : Status{};
}

// Empty: all required fields have a value.
std::string JsonRowReader::what_is_missing(const Row& row) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].presence == Presence::optional) continue;
    if (row.cells[i].kind == Cell::Kind::missing) {
      return fmt::format(".{} is missing", fields_[i].json);
    }
    if (row.cells[i].kind == Cell::Kind::null) return fmt::format(".{} is null", fields_[i].json);
  }
  return {};
}

// " (repository octocat/hello)", from the fields that could be read.
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
