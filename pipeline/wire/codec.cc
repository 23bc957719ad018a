#include "pipeline/wire/codec.h"

#include <exception>
#include <msgpack.hpp>

#include "pipeline/wire/packer.h"
#include "pipeline/wire/text_list.h"
#include "pipeline/wire/unpacker.h"

namespace repopipe {
namespace {

// Deeper than any message nests.
constexpr std::size_t kDepth = 16;

template <class Message>
std::string packed(Message& message) {
  msgpack::sbuffer buffer;
  Packer packer(buffer);
  packer.value(message);
  return {buffer.data(), buffer.size()};
}

// Texts stay where they are: they are copied once, into what is read.
bool refer(msgpack::type::object_type, std::size_t, void*) {
  return true;
}

// A count above the number of bytes is a lie, and would be believed before it is noticed.
msgpack::unpack_limit limits_for(std::size_t size) {
  return {size, 0, size, size, 0, kDepth};
}

template <class Message>
Result<Message> unpacked(std::string_view bytes, Fields fields) {
  try {
    std::size_t end = 0;
    const auto limits = limits_for(bytes.size());
    const auto whole = msgpack::unpack(bytes.data(), bytes.size(), end, refer, nullptr, limits);
    if (end != bytes.size()) return fail(FailureKind::malformed, "a message with something behind");
    Message message;
    Unpacker(whole.get(), fields).value(message);
    return message;
  } catch (const std::exception&) {  // whatever the library throws, the bytes are no such message
    return fail(FailureKind::malformed, "what came is no message of this version");
  }
}

bool fits(const Field& field, const msgpack::object& cell) {
  const bool is_whole =
      cell.type == msgpack::type::POSITIVE_INTEGER || cell.type == msgpack::type::NEGATIVE_INTEGER;
  switch (field.type) {
    case FieldType::integer:
      return is_whole;
    case FieldType::boolean:
      return cell.type == msgpack::type::POSITIVE_INTEGER && cell.via.u64 <= 1;
    case FieldType::text:
      return cell.type == msgpack::type::STR;
    case FieldType::text_list:
      return cell.type == msgpack::type::STR && is_text_list({cell.via.str.ptr, cell.via.str.size});
  }
  return false;
}

}  // namespace

void Unpacker::value(RecordBatch& rows) {
  check(object_.type == msgpack::type::ARRAY);
  const auto& cells = object_.via.array;
  rows = RecordBatch(fields_);
  if (cells.size == 0) return;
  check(!fields_.empty() && cells.size % fields_.size() == 0);
  for (std::size_t i = 0; i < cells.size; ++i) {
    const msgpack::object& cell = cells.ptr[i];
    const Field& field = fields_[i % fields_.size()];
    if (cell.is_nil()) {
      check(field.presence == Presence::optional);
      rows.add_null();
      continue;
    }
    check(fits(field, cell));
    if (cell.type == msgpack::type::STR) {
      rows.add_text({cell.via.str.ptr, cell.via.str.size});
    } else {
      rows.add_integer(cell.as<std::int64_t>());
    }
  }
}

std::string encode(Order order) {
  return packed(order);
}

std::string encode(WorkerReport report) {
  return packed(report);
}

std::string encode(Announcement announcement) {
  return packed(announcement);
}

Result<Order> decode_order(std::string_view bytes) {
  return unpacked<Order>(bytes, {});
}

Result<WorkerReport> decode_report(std::string_view bytes, Fields fields) {
  return unpacked<WorkerReport>(bytes, fields);
}

Result<Announcement> decode_announcement(std::string_view bytes) {
  return unpacked<Announcement>(bytes, {});
}

}  // namespace repopipe
