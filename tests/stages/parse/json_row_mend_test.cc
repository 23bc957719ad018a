#include <gtest/gtest.h>

#include "tests/stages/parse/json_rows.h"

namespace repopipe {
namespace {

using testing::kFewFields;
using testing::read_page;

std::string nested(std::size_t levels) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i) text += i % 2 == 0 ? "[" : R"({"a":)";
  text += "1";
  for (std::size_t i = levels; i-- > 0;) text += i % 2 == 0 ? "]" : "}";
  return text;
}

TEST(JsonRowReaderMends, IgnoresAValueBeyondTheParserInAFieldThatNeedsNone) {
  for (const std::string& value : {std::string("1e999"), std::string("-1E+999"),
                                   std::string(400, '9'), nested(70), nested(2'000)}) {
    for (const char* key : {"x", "fork", "topics", "license"}) {
      const auto page = read_page(R"([{"id":1,"full_name":"a\"/b","owner":{"id":7},")" +
                                  std::string(key) + "\":" + value + "}]");
      ASSERT_TRUE(page) << key << " " << value << ": " << page.error().message;
      ASSERT_EQ(page->rows.rows(), 1U);
      EXPECT_EQ(std::get<std::string_view>(page->rows.at(0, 1)), "a\"/b");
      for (std::size_t field = 3; field < kFewFields.size(); ++field)
        EXPECT_TRUE(std::holds_alternative<std::monostate>(page->rows.at(0, field)));
    }
  }
}

TEST(JsonRowReaderMends, SkipsTheRecordWhoseRequiredFieldIsBeyondTheParser) {
  const std::string good = R"({"id":1,"full_name":"a/b","owner":{"id":7}})";
  for (const std::string& value :
       {std::string("1e999"), std::string("-1e999"), std::string(400, '9'), nested(70)}) {
    const auto page = read_page("[" + good + R"(,{"id":2,"full_name":)" + value +
                                R"(,"owner":{"id":7}},)" + good + "]");
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->rows.rows(), 2U);
    EXPECT_EQ(page->skipped_ids, std::vector<std::int64_t>{2});
    EXPECT_EQ(page->skip_note, "$[1].full_name is not a string (repository 2)");
  }
}

TEST(JsonRowReaderMends, MakesNoNumberAndNoBracketOfWhatIsNone) {
  const std::string begin = R"([{"id":1,"full_name":"a/b","owner":{"id":7},"x":)";
  for (const std::string& value :
       {std::string("01e999"), std::string("1.e999"), std::string("+1e999"), std::string("1e999-"),
        nested(70) + "]", nested(70).substr(0, 90), std::string(70, '[') + "}"}) {
    const auto page = read_page(begin + value + "}]");
    ASSERT_FALSE(page) << value;
    EXPECT_EQ(page.error().kind, FailureKind::malformed) << value;
  }
}

}  // namespace
}  // namespace repopipe
