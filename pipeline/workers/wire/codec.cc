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

template <class PackedMessage>
Result<PackedMessage> unpacked(std::string_view bytes,
                               std::optional<Fields> fields = std::nullopt) {
  try {
    std::size_t end = 0;
    const auto limits = limits_for(bytes.size());
    const auto whole = msgpack::unpack(bytes.data(), bytes.size(), end, refer, nullptr, limits);
    if (end != bytes.size()) return fail(FailureKind::malformed, "bytes after the message");
    PackedMessage message;
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

Result<WorkerEvent> decode_event(std::string_view bytes, Fields fields) {
  return unpacked<WorkerEvent>(bytes, fields);
}

Result<WorkerEvent> decode_event_head(std::string_view bytes) {
  return unpacked<WorkerEvent>(bytes);
}

Result<RunInfo> decode_run_info(std::string_view bytes) {
  return unpacked<RunInfo>(bytes);
}

}  // namespace repopipe
