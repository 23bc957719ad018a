#include "stages/parse/json_row.h"

#include <gtest/gtest.h>

#include "tests/stages/parse/json_rows.h"

namespace repopipe {
namespace {

using testing::kFewFields;
using testing::read_page;

TEST(Escapes, AreFoundWhereTheyAreAndNowhereElse) {
  const std::string_view document = R"(one\two three four\)";
  const simdjson::ondemand::parser parser;
  Escapes escapes(document, parser);
  EXPECT_TRUE(escapes.none_in(document.substr(0, 3)));
  EXPECT_FALSE(escapes.none_in(document.substr(0, 4)));
  EXPECT_FALSE(escapes.none_in(document.substr(3, 5)));
  EXPECT_FALSE(escapes.none_in(document.substr(4)));
  EXPECT_TRUE(escapes.none_in(document.substr(5, 13)));
  EXPECT_TRUE(escapes.none_in(document.substr(8, 5)));
  EXPECT_FALSE(escapes.none_in(document.substr(8)));
  EXPECT_FALSE(escapes.none_in(document.substr(18)));
  EXPECT_TRUE(escapes.none_in(document.substr(document.size())));
}

std::string show(const CellView& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string_view>(&cell))
    return "'" + std::string(*text) + "'";
  return "null";
}

// All cells of a page, a row a line.
std::string dump(const Result<Page>& page) {
  if (!page) return page.error().message;
  std::string lines;
  for (std::size_t row = 0; row < page->rows.rows(); ++row) {
    for (std::size_t field = 0; field < kFewFields.size(); ++field) {
      lines += (field == 0 ? "" : " ") + show(page->rows.at(row, field));
    }
    lines += "\n";
  }
  return lines;
}

TEST(JsonRowReader, ReadsFieldsInAnyOrder) {
  EXPECT_EQ(dump(read_page(R"([{"id":1,"full_name":"a/b","owner":{"login":"a","id":7},"fork":true,
                           "license":{"key":"mit","url":null},"topics":["x","y z"]},
                          {"topics":[],"extra":{"deep":[1,{"id":9}]},"owner":{"id":8},"id":2,
                           "license":null,"fork":null,"full_name":"c/d"}])")),
            "1 'a/b' 7 1 'mit' '[\"x\",\"y z\"]'\n2 'c/d' 8 null null '[]'\n");
}

TEST(JsonRowReader, ReadsKeysHoweverTheyAreSetApart) {
  EXPECT_EQ(
      dump(read_page("[{\"id\" :1,\"x:\\\"id\" : \"y\" ,\"full_name\"\n:\t\"a/b\",\"\":{\"\":0},"
                     "\"owner\" : { \"id\"  :  7 } }]")),
      "1 'a/b' 7 null null null\n");
}

TEST(JsonRowReader, TakesMissingOptionalFieldsAsNull) {
  EXPECT_EQ(dump(read_page(R"([{"id":1,"full_name":"a/b","owner":{"id":7}}])")),
            "1 'a/b' 7 null null null\n");
}

TEST(JsonRowReader, DecodesEscapesAndKeepsUtf8) {
  EXPECT_EQ(
      dump(read_page(R"([{"id":1,"full_name":"\u00e4\n\ud83d\ude00 ü\u0000","owner":{"id":7}}])")),
      "1 'ä\n😀 ü\uFFFD' 7 null null null\n");
}

TEST(JsonRowReader, StoresNoTokenThatARecordQuotes) {
  EXPECT_EQ(
      dump(read_page(R"([{"id":1,"full_name":"a/gh\u0070_0123456789abcdefwxyz","owner":{"id":7},
                               "topics":["plain"]},
                              {"id":2,"full_name":"a/b_c","owner":{"id":7}}])")),
      "1 'a/...wxyz' 7 null null '[\"plain\"]'\n2 'a/b_c' 7 null null null\n");
}

TEST(JsonRowReader, TakesIdsOver32Bits) {
  EXPECT_EQ(
      dump(read_page(R"([{"id":9007199254740993,"full_name":"a/b","owner":{"id":5000000000}}])")),
      "9007199254740993 'a/b' 5000000000 null null null\n");
}

TEST(JsonRowReader, SkipsAndCountsNullElements) {
  const auto page = read_page(R"([null,{"id":1,"full_name":"a/b","owner":{"id":7}},null])");
  EXPECT_EQ(dump(page), "1 'a/b' 7 null null null\n");
  EXPECT_EQ(page->skipped, 2);
}

// It may hide any record, so nothing of the list may be marked as gone.
TEST(JsonRowReader, CountsANullAsARecordWithoutAnId) {
  const std::string good = R"({"id":1,"full_name":"a/b","owner":{"id":7}})";
  const auto nulls = read_page("[" + good + ",null,null]");
  ASSERT_TRUE(nulls);
  EXPECT_EQ(nulls->unnamed_skips, 2);
  EXPECT_EQ(nulls->skip_note, "$[1] is null");
  const auto all = read_page("[null,null,null]");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->unnamed_skips, 3);
  const auto mixed = read_page("[null," + good + R"(,{"id":2}])");
  ASSERT_TRUE(mixed);
  EXPECT_EQ(mixed->skipped, 2);
  EXPECT_EQ(mixed->unnamed_skips, 1);
  EXPECT_EQ(mixed->skipped_ids, std::vector<std::int64_t>{2});
  EXPECT_EQ(mixed->skip_note, "$[2].full_name is missing (repository 2)");
  EXPECT_EQ(read_page("[" + good + "]")->unnamed_skips, 0);
}

TEST(JsonRowReader, TakesAnEmptyArray) {
  EXPECT_EQ(dump(read_page(" [ ] ")), "");
}

TEST(JsonRowReader, PutsTheReplacementCharacterForHalfAPair) {
  EXPECT_EQ(dump(read_page(R"([{"id":1,"full_name":"a\ud83d/b","owner":{"id":7},"x":"\udc00",
                           "topics":["\ude00","\ud83d\ude00"]}])")),
            "1 'a\uFFFD/b' 7 null null '[\"\\uFFFD\",\"\\ud83d\\ude00\"]'\n");
}

TEST(JsonRowReader, DigestsIdentitiesInTheirOrder) {
  const auto digest = [](const std::string& ids) {
    const auto page = read_page(ids);
    return page ? page->digest : 0;
  };
  const std::string a = R"({"id":1,"full_name":"a/b","owner":{"id":7}})";
  const std::string b = R"({"id":2,"full_name":"a/b","owner":{"id":7}})";
  EXPECT_EQ(digest("[]"), 0U);
  EXPECT_NE(digest("[" + a + "," + b + "]"), digest("[" + b + "," + a + "]"));
  EXPECT_EQ(digest("[" + a + "," + b + "]"), digest("[" + a + ",null," + b + "]"));
}

struct Broken {
  const char* json;
  const char* message;
  FailureKind kind = FailureKind::bad_record;
};

class JsonRowReaderRefuses : public ::testing::TestWithParam<Broken> {};

TEST_P(JsonRowReaderRefuses, WithPathAndRecord) {
  const auto page = read_page(GetParam().json);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, GetParam().kind);
  EXPECT_EQ(page.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonRowReaderRefuses,
    ::testing::Values(
        Broken{R"([{"id":"1","full_name":"a/b","owner":{"id":7}}])",
               "$[0].id is not a whole number (repository a/b)"},
        Broken{R"([{"full_name":"a/b","id":1.5,"owner":{"id":7}}])",
               "$[0].id is not a whole number (repository a/b)"},
        Broken{R"([{"id":1,"full_name":"a/b"}])", "$[0].owner.id is missing (repository a/b)"},
        Broken{R"([{"id":1,"full_name":"a/b","owner":null}])",
               "$[0].owner.id is missing (repository a/b)"},
        Broken{R"([{"id":1,"full_name":"a/b","owner":[]}])",
               "$[0].owner.id is missing (repository a/b)"},
        Broken{R"([{"id":1,"full_name":null},[],{"id":2,"full_name":"a/b","owner":{"id":7}}])",
               "2 of 3 records cannot be read: $[0].full_name is null (repository 1)"},
        Broken{R"([{"id":1,"full_name":"a/b","owner":{"id":7},"topics":["\ud800\q"]}])",
               "$[0]: Problem while parsing a string", FailureKind::malformed},
        Broken{R"([{"id":1,"full_name":"a\n\u001b[31m","owner":null}])",
               "$[0].owner.id is missing (repository a??[31m)"},
        Broken{R"([1])", "$[0] is not an object"},
        Broken{R"({"message":"Not Found"})", "expected a JSON array of records",
               FailureKind::malformed},
        Broken{"", "not valid JSON: Empty: no JSON found", FailureKind::malformed},
        Broken{R"([] [])", "more text follows the JSON array", FailureKind::malformed}));

TEST(JsonRowReader, RefusesEveryCutDocument) {
  const std::string whole = R"([{"id":1,"full_name":"a/b","owner":{"id":7},"topics":["x"]}])";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(read_page(whole.substr(0, length))) << whole.substr(0, length);
  }
  EXPECT_TRUE(read_page(whole));
}

TEST(JsonRowReader, RefusesDamageInUnusedFields) {
  const std::string begin = R"([{"id":1,"full_name":"a/b","owner":{"id":7},"x":)";
  for (const char* value :
       {"tru", "01", "1.", "[1,]", "[1}", "{\"a\" 1}", "{1:2}", "\"\\q\"", "\"a", "{\"\\q\":1}", "",
        "nul", "1 2", "[[[[,]]]]", "-", "\"a\":1", "0,\"\\q\":1", "0,\"\\q\":\"a\""}) {
    const auto page = read_page(begin + value + "}]");
    ASSERT_FALSE(page) << value;
    EXPECT_EQ(page.error().kind, FailureKind::malformed) << value;
  }
  for (const char* value : {"true", "1.5e3", "[1,{}]", "{\"a\":[]}", "\"\\n\"", "[]", "null"}) {
    EXPECT_TRUE(read_page(begin + value + "}]")) << value;
  }
}

TEST(JsonRowReader, RefusesBottomlessNesting) {
  const std::string deep(1'000'000, '[');
  EXPECT_FALSE(read_page(R"([{"id":1,"full_name":"a/b","owner":{"id":7},"x":)" + deep));
  EXPECT_FALSE(read_page(deep + std::string(deep.size(), ']')));
}

// A bad record costs one record, and its id is reported so that it is not marked as gone.
TEST(JsonRowReader, SkipsABadRecordAndKeepsTheOthers) {
  const std::string good = R"({"id":1,"full_name":"a/b","owner":{"id":7}})";
  struct Bad {
    const char* json;
    const char* note;
    std::vector<std::int64_t> ids;
  };
  for (const Bad& bad :
       {Bad{R"({"id":2,"full_name":"a/c","owner":null})",
            "$[1].owner.id is missing (repository a/c)",
            {2}},
        Bad{R"({"id":2,"full_name":5,"owner":{"id":7}})",
            "$[1].full_name is not a string (repository 2)",
            {2}},
        Bad{R"({"id":2,"full_name":"a/c","owner":{"id":"7"}})",
            "$[1].owner.id is not a whole number (repository a/c)",
            {2}},
        Bad{R"({"full_name":"a/c","owner":{"id":7}})", "$[1].id is missing (repository a/c)", {}},
        Bad{"[[1]]", "$[1] is not an object", {}}, Bad{"true", "$[1] is not an object", {}}}) {
    const auto page = read_page("[" + good + "," + bad.json + "," + good + "]");
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->rows.rows(), 2U);
    EXPECT_EQ(page->skipped, 1);
    EXPECT_EQ(page->skip_note, bad.note);
    EXPECT_EQ(page->skipped_ids, bad.ids);
    EXPECT_EQ(page->unnamed_skips, bad.ids.empty() ? 1 : 0);
  }
}

TEST(JsonRowReader, SkipsAtMostATenthOfARecordsPage) {
  const auto page_of = [](int good, int bad) {
    std::string json = "[null";
    for (int i = 0; i < good; ++i) json += R"(,{"id":1,"full_name":"a/b","owner":{"id":7}})";
    for (int i = 0; i < bad; ++i) json += R"(,{"id":2})";
    return read_page(json + "]");
  };
  EXPECT_TRUE(page_of(1, 1));
  EXPECT_TRUE(page_of(18, 2));
  EXPECT_FALSE(page_of(17, 2));
  EXPECT_FALSE(page_of(0, 1));
}

TEST(JsonRowReader, TakesAnOptionalFieldOfAnotherTypeAsNull) {
  for (const char* member : {R"("fork":"no")", R"("topics":["x",2])", R"("topics":{"a":[1]})",
                             R"("license":{"key":5})", R"("license":"mit")", R"("fork":[{}])"}) {
    EXPECT_EQ(dump(read_page(R"([{"id":1,"full_name":"a/b","owner":{"id":7},)" +
                             std::string(member) + "}]")),
              "1 'a/b' 7 null null null\n")
        << member;
  }
}

TEST(JsonRowReader, ReplacesBytesThatAreInvalidInJson) {
  const auto named = [](const std::string& name) {
    return "[{\"id\":1,\"full_name\":\"" + name + "\",\"owner\":{\"id\":7}}]";
  };
  const auto shown = [](const std::string& name) { return "1 '" + name + "' 7 null null null\n"; };
  EXPECT_EQ(dump(read_page(named("caf\xe9"))), shown("caf\uFFFD"));
  EXPECT_EQ(dump(read_page(named("a\xf0\x9f\x98z\xed\xa0\x80"))),
            shown("a\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD\uFFFD"));
  EXPECT_EQ(dump(read_page(named("a\tb\nc\\\"d"))), shown("a\tb\nc\"d"));
  EXPECT_EQ(dump(read_page(named(std::string("a\0b", 3)))), shown("a\uFFFDb"));
  EXPECT_EQ(dump(read_page("\xEF\xBB\xBF" + named("ä"))), shown("ä"));
}

TEST(JsonRowReader, KeepsTimesAsUtcAndNullForOneThatWasNeverSet) {
  constexpr std::array kFields{
      Field{"id", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, ""},
      Field{"at", "at", FieldType::time, Presence::optional, Role::attribute, Identity::no, ""},
      Field{"", "derived", FieldType::text, Presence::optional, Role::attribute, Identity::no, ""}};
  const JsonRowReader reader(kFields);
  JsonScratch scratch;
  const std::string json = R"([{"id":1,"at":"2022-04-06T02:32:09+08:00","":"x"},)"
                           R"({"id":2,"at":"0001-01-01T00:00:00Z"},{"id":3,"at":"soon"},)"
                           R"({"id":4,"at":5},{"id":5,"at":null}])";
  const simdjson::padded_string padded(json);
  const auto page =
      reader.read({std::string_view(padded), json.size() + simdjson::SIMDJSON_PADDING}, 1, scratch);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.rows(), 5U);
  EXPECT_EQ(page->rows.at(0, 1), CellView("2022-04-05T18:32:09Z"));
  for (std::size_t row = 1; row < 5; ++row) {
    EXPECT_EQ(page->rows.at(row, 1), CellView(std::monostate{})) << row;
  }
  EXPECT_EQ(page->rows.at(0, 2), CellView(std::monostate{})) << "nobody sends it";
}

}  // namespace
}  // namespace repopipe
