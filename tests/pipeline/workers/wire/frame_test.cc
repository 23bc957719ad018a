#include "pipeline/workers/wire/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace repopipe {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::string stream_of(const std::vector<std::string>& payloads) {
  std::string stream;
  for (const std::string& payload : payloads) append_frame(stream, payload);
  return stream;
}

// All that are whole.
std::vector<std::string> take_all(FrameReader& reader) {
  std::vector<std::string> frames;
  while (true) {
    const auto frame = reader.next();
    if (!frame) ADD_FAILURE() << frame.error().message;
    if (!frame || !*frame) return frames;
    frames.emplace_back(**frame);
  }
}

const std::vector<std::string> kPayloads{
    "", "one", std::string("\0\0\0\2", 4), std::string(70'000, 'x'), "", "end"};

TEST(Frame, BeginsWithItsLengthTheHighestByteFirst) {
  std::string stream = "before";
  append_frame(stream, std::string(0x010203, 'x'));
  EXPECT_EQ(stream.substr(0, 11), std::string("before\x00\x01\x02\x03x", 11));
  EXPECT_EQ(stream.size(), 6 + 4 + 0x010203U);
}

TEST(FrameReader, TakesFramesThatComeTogether) {
  FrameReader reader(1 << 20);
  reader.add(stream_of(kPayloads));
  EXPECT_THAT(take_all(reader), ElementsAreArray(kPayloads));
}

TEST(FrameReader, TakesFramesThatAreCutAnywhere) {
  const std::vector<std::string> payloads{"", "one", std::string("\0\0\0\2", 4), "end"};
  const std::string stream = stream_of(payloads);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameReader reader(100);
    reader.add(std::string_view(stream).substr(0, cut));
    std::vector<std::string> frames = take_all(reader);
    reader.add(std::string_view(stream).substr(cut));
    for (std::string& frame : take_all(reader)) frames.push_back(std::move(frame));
    EXPECT_THAT(frames, ElementsAreArray(payloads)) << cut;
  }
}

TEST(FrameReader, TakesFramesByteByByte) {
  FrameReader reader(1 << 20);
  std::vector<std::string> frames;
  for (const char byte : stream_of(kPayloads)) {
    reader.add({&byte, 1});
    for (std::string& frame : take_all(reader)) frames.push_back(std::move(frame));
  }
  EXPECT_THAT(frames, ElementsAreArray(kPayloads));
}

TEST(FrameReader, TakesTheLongestFrameAndNoLongerOne) {
  FrameReader reader(8);
  reader.add(stream_of({"12345678"}));
  EXPECT_THAT(take_all(reader), ElementsAreArray({"12345678"}));
  reader.add(stream_of({"123456789"}).substr(0, 4));  // its head alone gives it away
  const auto frame = reader.next();
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error(),
            (Failure{FailureKind::malformed, "a message of 9 bytes, more than the 8 allowed"}));
}

TEST(FrameReader, RefusesALengthAboveTwoGigabytes) {
  FrameReader reader(1 << 20);
  reader.add("\xff\xff\xff\xff");
  EXPECT_FALSE(reader.next());
}

TEST(FrameReader, HasNothingBeforeTheHeadIsWhole) {
  FrameReader reader(8);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(take_all(reader), IsEmpty());
    reader.add(std::string_view("\0", 1));
  }
  EXPECT_THAT(take_all(reader), IsEmpty());
}

}  // namespace
}  // namespace repopipe
