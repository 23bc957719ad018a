#include <gtest/gtest.h>

#include "pipeline/model/http.h"

namespace repopipe {
namespace {

TEST(Headers, AreFoundWithoutRegardToCase) {
  const Headers headers{{"Content-Type", "text/html"}, {"ETag", "W/\"a\""}};
  EXPECT_EQ(headers.find("etag"), "W/\"a\"");
  EXPECT_EQ(headers.find("CONTENT-TYPE"), "text/html");
  EXPECT_EQ(headers.find("link"), std::nullopt);
}

TEST(Headers, GiveTheFirstOfSeveral) {
  Headers headers;
  headers.add("X", "1");
  headers.add("x", "2");
  EXPECT_EQ(headers.find("x"), "1");
  EXPECT_EQ(headers.size(), 2U);
}

TEST(Headers, JoinsFieldsOfOneNameIntoAList) {
  const Headers headers{{"Link", "<a>"}, {"Date", "now"}, {"link", "<b>"}};
  EXPECT_EQ(headers.combined("LINK"), "<a>, <b>");
  EXPECT_EQ(headers.combined("etag"), std::nullopt);
}

}  // namespace
}  // namespace repopipe
