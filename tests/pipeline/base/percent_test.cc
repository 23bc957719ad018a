#include <gtest/gtest.h>

#include "pipeline/base/url.h"

namespace repopipe {
namespace {

TEST(PercentEncode, KeepsASegmentASegment) {
  EXPECT_EQ(percent_encode("Octo-cat_9.x~"), "Octo-cat_9.x~");
  EXPECT_EQ(percent_encode("app[bot]"), "app%5Bbot%5D");
  EXPECT_EQ(percent_encode("a/../b?c#d e"), "a%2F..%2Fb%3Fc%23d%20e");
  EXPECT_EQ(percent_encode(std::string_view("\0\xC3\xA4%", 4)), "%00%C3%A4%25");
}

}  // namespace
}  // namespace repopipe
