#include "pipeline/workers/wire/codec.h"

#include <exception>
#include <msgpack.hpp>
#include <optional>

#include "pipeline/workers/wire/pack.h"

namespace repopipe {
namespace {

// More than the nesting of any message.
constexpr std::size_t kDepth = 16;

template <class PackedMessage>
std::string packed(PackedMessage& message) {
  msgpack::sbuffer buffer;
  Packer packer(buffer);
  packer.value(message);
  return {buffer.data(), buffer.size()};
}

// Strings refer to the input; the unpacker copies them once.
bool refer(msgpack::type::object_type, std::size_t, void*) {
  return true;
}

// No count can exceed the number of bytes.  Without this limit msgpack would allocate memory for it
// before it notices.
msgpack::unpack_limit limits_for(std::size_t size) {
  return {size, 0, size, size, 0, kDepth};
}

// The fields of the records in a task result, [index, [id, resource, ...]]; nothing: it is another
// message.  Throws msgpack::type_error for an unknown resource.
std::optional<Fields> fields_in(const msgpack::object& event, Resources resources) {
  const auto is_array = [](const msgpack::object& object, std::size_t least) {
    return object.type == msgpack::type::ARRAY && object.via.array.size >= least;
  };
  if (!is_array(event, 2) || !is_array(event.via.array.ptr[1], 2)) return std::nullopt;
  const Resource* resource =
      find_resource(resources, event.via.array.ptr[1].via.array.ptr[1].as<int>());
  if (resource == nullptr) throw msgpack::type_error();
  return resource->fields;
}

template <class PackedMessage>
Result<PackedMessage> unpacked(std::string_view bytes,
                               std::optional<Resources> resources = std::nullopt) {
  try {
    std::size_t end = 0;
    const auto limits = limits_for(bytes.size());
    const auto whole = msgpack::unpack(bytes.data(), bytes.size(), end, refer, nullptr, limits);
    if (end != bytes.size()) return fail(FailureKind::malformed, "bytes after the message");
    PackedMessage message;
    const auto fields = resources ? fields_in(whole.get(), *resources) : std::nullopt;
    Unpacker(whole.get(), fields).value(message);
    return message;
  } catch (const std::exception&) {  // any exception of the library means an invalid message
    return fail(FailureKind::malformed, "an invalid message");
  }
}

}  // namespace

std::string encode(WorkerCommand order) {
  return packed(order);
}

std::string encode(WorkerEvent report) {
  return packed(report);
}

std::string encode(RunInfo run_info) {
  return packed(run_info);
}

Result<WorkerCommand> decode_command(std::string_view bytes) {
  return unpacked<WorkerCommand>(bytes);
}

Result<WorkerEvent> decode_event(std::string_view bytes, Resources resources) {
  return unpacked<WorkerEvent>(bytes, resources);
}

Result<WorkerEvent> decode_event_head(std::string_view bytes) {
  return unpacked<WorkerEvent>(bytes);
}

Result<RunInfo> decode_run_info(std::string_view bytes) {
  return unpacked<RunInfo>(bytes);
}

}  // namespace repopipe
