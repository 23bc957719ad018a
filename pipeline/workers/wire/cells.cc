// The rows of a page in a message, see pack.h.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "pipeline/base/text.h"
#include "pipeline/workers/wire/pack.h"

namespace repopipe {
namespace {

bool is_hex(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
         (byte >= 'A' && byte <= 'F');
}

// The length of the escape sequence at the start of `text`; 0: there is none.
std::size_t escape_length(std::string_view text) {
  constexpr std::string_view kShort = R"("\/bfnrt)";
  if (text.size() < 2) return 0;
  if (kShort.find(text[1]) != kShort.npos) return 2;
  constexpr std::size_t kLong = 6;
  if (text[1] != 'u' || text.size() < kLong) return 0;
  return std::ranges::all_of(text.substr(2, 4), is_hex) ? kLong : 0;
}

// Removes a quoted string from the front of `text`; false: there is none.
bool take_string(std::string_view& text) {
  if (!text.starts_with('"')) return false;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (static_cast<unsigned char>(text.front()) < 0x20) return false;
    const std::size_t length = text.front() == '\\' ? escape_length(text) : 1;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  if (text.empty()) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

bool is_text_list(std::string_view text) {
  if (text == "[]") return true;
  if (!text.starts_with('[')) return false;
  do {
    text.remove_prefix(1);
    if (!take_string(text)) return false;
  } while (text.starts_with(','));
  return text == "]";
}

namespace {

// Receives the cells one by one; returning false ends the parser.
class CellReader : public msgpack::null_visitor {
 public:
  // `size`: bytes of the cells.
  CellReader(RecordBatch& rows, Fields fields, std::size_t size)
      : rows_(rows), fields_(fields), size_(size) {}

  bool start_array(std::uint32_t cells) {
    if (begun_) return false;
    begun_ = true;
    if (cells > size_) return false;  // each cell has at least one byte
    rows_.reserve(cells, size_ - cells);
    return cells == 0 || (!fields_.empty() && cells % fields_.size() == 0);
  }
  bool visit_nil() {
    if (!begun_ || next().presence != Presence::optional) return false;
    rows_.add_null();
    return true;
  }
  bool visit_positive_integer(std::uint64_t number) {
    if (!begun_ || number > std::numeric_limits<std::int64_t>::max()) return false;
    const FieldType type = next().type;
    if (type != FieldType::integer && (type != FieldType::boolean || number > 1)) return false;
    rows_.add_integer(static_cast<std::int64_t>(number));
    return true;
  }
  bool visit_negative_integer(std::int64_t number) {
    if (!begun_ || next().type != FieldType::integer) return false;
    rows_.add_integer(number);
    return true;
  }
  bool visit_str(const char* begin, std::uint32_t size) {
    const std::string_view text(begin, size);
    if (!begun_) return false;
    const FieldType type = next().type;
    const bool is_text = type == FieldType::text || type == FieldType::time;
    if (!is_text && (type != FieldType::text_list || !is_text_list(text))) {
      return false;
    }
    rows_.add_text(text);
    return true;
  }
  bool visit_boolean(bool) { return false; }
  bool visit_float32(float) { return false; }
  bool visit_float64(double) { return false; }
  bool visit_bin(const char*, std::uint32_t) { return false; }
  bool visit_ext(const char*, std::uint32_t) { return false; }
  bool start_map(std::uint32_t) { return false; }

 private:
  const Field& next() {
    const Field& field = fields_[field_];
    field_ = field_ + 1 == fields_.size() ? 0 : field_ + 1;
    return field;
  }

  RecordBatch& rows_;
  const Fields fields_;
  const std::size_t size_;
  std::size_t field_ = 0;
  bool begun_ = false;
};

// Reads the indexes of columns that were not sent; only optional fields are valid.  Moves `end`
// behind them.
std::uint64_t unpack_not_told(std::string_view cells, std::size_t& end, Fields fields) {
  const auto not_told = msgpack::unpack(cells.data(), cells.size(), end).get().as<std::uint64_t>();
  for (std::size_t field = 0; field < 64; ++field) {
    if (((not_told >> field) & 1U) == 0) continue;
    const bool may_lack = field < fields.size() && fields[field].presence == Presence::optional;
    if (!may_lack) throw msgpack::type_error();
  }
  return not_told;
}

}  // namespace

void pack_cells(const RecordBatch& rows, msgpack::sbuffer& cells) {
  msgpack::packer<msgpack::sbuffer> pack(cells);
  const std::size_t height = rows.rows();
  const std::size_t width = rows.fields().size();
  pack.pack_uint64(rows.not_told());
  pack.pack_array(static_cast<std::uint32_t>(height * width));
  const Match each{[&](std::monostate) { pack.pack_nil(); },
                   [&](std::int64_t number) { pack.pack_int64(number); },
                   [&](std::string_view text) {
                     pack.pack_str(static_cast<std::uint32_t>(text.size()));
                     pack.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
                   }};
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t field = 0; field < width; ++field) std::visit(each, rows.at(row, field));
  }
}

RecordBatch unpack_cells(std::string_view cells, Fields fields) {
  RecordBatch rows(fields);
  std::size_t end = 0;
  rows.set_not_told(unpack_not_told(cells, end, fields));
  CellReader reader(rows, fields, cells.size() - end);
  const bool good = msgpack::parse(cells.data(), cells.size(), end, reader);
  if (!good || end != cells.size()) throw msgpack::type_error();
  return rows;
}

}  // namespace repopipe
