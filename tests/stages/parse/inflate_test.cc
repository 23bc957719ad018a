#include "stages/parse/inflate.h"

#include <gtest/gtest.h>

#include "tests/testing/gzip.h"

namespace repopipe {
namespace {

using testing::gzip;

constexpr Bytes kLimit{1 << 20};

FailureKind kind_of(const Result<PaddedText>& result) {
  return result ? FailureKind::internal : result.error().kind;
}

TEST(Inflater, DecodesGzip) {
  Inflater inflater;
  const std::string text(300'000, 'x');
  const auto body = inflater.inflate(gzip(text), "gzip", kLimit);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->text, text);
  EXPECT_GE(body->capacity, body->text.size() + kPadding);
}

TEST(Inflater, PassesPlainTextOn) {
  Inflater inflater;
  EXPECT_EQ(inflater.inflate("[]", std::nullopt, kLimit)->text, "[]");
  EXPECT_EQ(inflater.inflate("[]", "identity", kLimit)->text, "[]");
  EXPECT_EQ(inflater.inflate("", std::nullopt, kLimit)->text, "");
}

// The byte after a body must not depend on the previous body.
TEST(Inflater, PutsANulBehindEveryBody) {
  Inflater inflater;
  const std::string brackets(100, ']');
  for (const bool is_packed : {false, true}) {
    for (std::size_t size = 0; size < 20; ++size) {
      ASSERT_TRUE(inflater.inflate(brackets, std::nullopt, kLimit));
      const std::string text(size, 'x');
      const auto body = is_packed ? inflater.inflate(gzip(text), "gzip", kLimit)
                                  : inflater.inflate(text, std::nullopt, kLimit);
      ASSERT_TRUE(body);
      EXPECT_EQ(body->text.data()[size], '\0');
    }
  }
}

TEST(Inflater, StopsAtTheLimit) {
  Inflater inflater;
  const std::string bomb = gzip(std::string(kLimit.count + 1, '\0'));
  EXPECT_EQ(kind_of(inflater.inflate(bomb, "gzip", kLimit)), FailureKind::too_large);
  EXPECT_EQ(kind_of(inflater.inflate(std::string(kLimit.count + 1, 'x'), std::nullopt, kLimit)),
            FailureKind::too_large);
  EXPECT_TRUE(inflater.inflate(gzip(std::string(kLimit.count, '\0')), "gzip", kLimit));
  EXPECT_TRUE(inflater.inflate(std::string(kLimit.count, 'x'), std::nullopt, kLimit));
}

TEST(Inflater, DoesNotBelieveTheAnnouncedLength) {
  Inflater inflater;
  std::string small = gzip("[]");
  for (std::size_t i = small.size() - 4; i < small.size(); ++i) small[i] = '\xff';
  EXPECT_EQ(kind_of(inflater.inflate(small, "gzip", kLimit)), FailureKind::transport);
}

TEST(Inflater, RefusesEveryCutStream) {
  Inflater inflater;
  const std::string whole = gzip("[{\"id\":1},{\"id\":2},{\"id\":3}]");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(kind_of(inflater.inflate(whole.substr(0, length), "gzip", kLimit)),
              FailureKind::transport)
        << length;
  }
}

// RFC 1952, section 2.2; zeros are padding, and other data is ignored.
TEST(Inflater, ReadsEveryMember) {
  Inflater inflater;
  const auto text_of = [&](const std::string& body) {
    const auto text = inflater.inflate(body, "gzip", kLimit);
    return text ? std::string(text->text) : text.error().message;
  };
  const std::string two = gzip("[1,") + gzip("2]");
  EXPECT_EQ(text_of(two), "[1,2]");
  EXPECT_EQ(text_of(gzip("") + two + gzip("")), "[1,2]");
  EXPECT_EQ(text_of(gzip("[1,") + std::string(7, '\0') + gzip("2]") + std::string(9, '\0')),
            "[1,2]");
  EXPECT_EQ(text_of(two + "rest"), "[1,2]");
  for (std::size_t cut = 1; cut < gzip("2]").size(); ++cut) {
    EXPECT_EQ(kind_of(inflater.inflate(two.substr(0, two.size() - cut), "gzip", kLimit)),
              FailureKind::transport)
        << cut;
  }
  const std::string half(kLimit.count / 2, 'a');
  EXPECT_TRUE(inflater.inflate(gzip(half) + gzip(half), "gzip", kLimit));
  EXPECT_TRUE(inflater.inflate(gzip(half) + gzip(half) + gzip(""), "gzip", kLimit));
  EXPECT_EQ(kind_of(inflater.inflate(gzip(half) + gzip(half + "a"), "gzip", kLimit)),
            FailureKind::too_large);
  EXPECT_EQ(kind_of(inflater.inflate(gzip(half) + gzip(half) + gzip("a"), "gzip", kLimit)),
            FailureKind::too_large);
}

TEST(Inflater, RefusesEncodingsThatWereNotRequested) {
  Inflater inflater;
  EXPECT_EQ(kind_of(inflater.inflate("x", "br", kLimit)), FailureKind::malformed);
  EXPECT_EQ(inflater.inflate("x", "b\x1b[31m\n", kLimit).error().message,
            "the body is encoded as \"b?[31m?\", which was not requested");
}

}  // namespace
}  // namespace repopipe
