// Random bytes as a message between a run and its workers, and as a stream of frames.
#include <cstddef>
#include <cstdint>

#include "pipeline/workers/wire/codec.h"
#include "pipeline/workers/wire/frame.h"
#include "tests/fuzz/require.h"
#include "tests/pipeline/workers/wire/made_up_messages.h"

namespace repopipe::fuzz {
namespace {

constexpr std::size_t kLongest = 4096;

// What decodes is a message as any other: it comes back whole.
template <class PackedMessage, class Decode>
void check_round_trip(std::string_view bytes, const Decode& decode) {
  const Result<PackedMessage> message = decode(bytes);
  if (!message) {
    require(message.error().kind == FailureKind::malformed, "what is no message is malformed");
    return require_line(message.error().message);
  }
  const Result<PackedMessage> again = decode(encode(*message));
  require(again.has_value(), "what decodes encodes again");
  require(*again == *message, "a message comes back whole");
}

void check_message(std::string_view bytes) {
  const auto diagnostics = [](std::string_view text) {
    auto decoded = decode_event(text, testing::wire_resources());
    if (decoded) {
      require(testing::records_fit(*decoded), "records fit their fields");
      require(decode_event_head(text).has_value(), "what can be read can be passed on");
    }
    return decoded;
  };
  check_round_trip<WorkerEvent>(bytes, diagnostics);
  check_round_trip<WorkerCommand>(bytes,
                                  [](std::string_view text) { return decode_command(text); });
  check_round_trip<RunInfo>(bytes, [](std::string_view text) { return decode_run_info(text); });
}

// The frames of a stream that is cut here, and its error.
std::string frames_of(std::string_view stream, std::size_t cut) {
  FrameReader reader(kLongest);
  std::string read;
  for (const std::string_view part : {stream.substr(0, cut), stream.substr(cut)}) {
    reader.add(part);
    while (true) {
      const auto frame = reader.next();
      if (!frame) return read + frame.error().message;
      if (!*frame) break;
      require((*frame)->size() <= kLongest, "a frame is no longer than allowed");
      check_message(**frame);
      append_frame(read, **frame);
    }
  }
  require(stream.starts_with(read), "frames are what was on the stream");
  return read;
}

void check(std::string_view bytes) {
  check_message(bytes);
  const std::string whole = frames_of(bytes, 0);
  require(frames_of(bytes, bytes.size() / 2) == whole, "where a stream is cut does not matter");
  require(frames_of(bytes, bytes.size()) == whole, "nor that it is not");
}

}  // namespace
}  // namespace repopipe::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  repopipe::fuzz::check(repopipe::fuzz::text_of(bytes, size));
  return 0;
}
