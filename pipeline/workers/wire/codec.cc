#include "pipeline/workers/wire/codec.h"

#include <exception>
#include <msgpack.hpp>
#include <optional>

#include "pipeline/workers/wire/pack.h"

namespace repopipe {
namespace {

// Deeper than any message nests.
constexpr std::size_t kDepth = 16;

template <class PackedMessage>
std::string packed(PackedMessage& message) {
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

template <class PackedMessage>
Result<PackedMessage> unpacked(std::string_view bytes,
                               std::optional<Fields> fields = std::nullopt) {
  try {
    std::size_t end = 0;
    const auto limits = limits_for(bytes.size());
    const auto whole = msgpack::unpack(bytes.data(), bytes.size(), end, refer, nullptr, limits);
    if (end != bytes.size()) return fail(FailureKind::malformed, "a message with something behind");
    PackedMessage message;
    Unpacker(whole.get(), fields).value(message);
    return message;
  } catch (const std::exception&) {  // whatever the library throws, the bytes are no such message
    return fail(FailureKind::malformed, "what came is no message of this version");
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
