#include <gtest/gtest.h>

#include "pipeline/workers/wire/pack.h"

namespace repopipe {
namespace {

TEST(TextList, IsAnArrayOfStrings) {
  for (const char* text : {"[]", R"([""])", R"(["a"])", R"(["a","b",""])", R"(["a]b",",["])",
                           R"(["\"\\\/\b\f\n\r\t\u00fC"])", "[\"Gr\xC3\xBC\xC3\x9F\x7F\"]"}) {
    EXPECT_TRUE(is_text_list(text)) << text;
  }
}

TEST(TextList, IsNothingElse) {
  for (const char* text : {"",
                           "[",
                           "]",
                           "a",
                           "\"a\"",
                           "[a]",
                           "[1]",
                           "[null]",
                           "[[]]",
                           "{}",
                           R"(["a")",
                           R"(["a)",
                           R"(["a",])",
                           R"([,"a"])",
                           R"(["a""b"])",
                           R"(["a"]x)",
                           R"(["a"]])",
                           R"( ["a"])",
                           R"([ ])",
                           R"(["a\"])",
                           R"(["\x41"])",
                           R"(["\u00g0"])",
                           R"(["\u00"])",
                           "[\"a\nb\"]"}) {
    EXPECT_FALSE(is_text_list(text)) << text;
  }
  EXPECT_FALSE(is_text_list(std::string_view("[\"\0\"]", 5)));
}

}  // namespace
}  // namespace repopipe
