#include "pipeline/compare/compared_text.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pipeline/compare/way.h"
#include "tests/pipeline/compare/made_up_measures.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Le;

Compared three_ways() {
  Measure loop = measured(Way::event_loop, 8, 2s);
  loop.cost.times = {
      .starting = 100ms, .fetching = 1s, .processing = 500ms, .waiting = 300ms, .finishing = 100ms};
  return compared_of({measured(Way::sequential, 1, 16s), loop, measured(Way::threads, 8, 2400ms)});
}

// Characters of each line, of text in UTF-8.
std::vector<std::size_t> widths(const std::string& text) {
  std::istringstream lines(text);
  std::vector<std::size_t> all;
  for (std::string line; std::getline(lines, line);) {
    all.push_back(static_cast<std::size_t>(
        std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; })));
  }
  return all;
}

TEST(ComparedText, IsATableAChartAndASentence) {
  EXPECT_EQ(to_text(three_ways(), Glyphs::ascii),
            "nightly: 2,000 users, 41,873 repositories, 2,140 requests\n"
            "measured on 2 processors\n"
            "\n"
            "                                            in       % of the wall time\n"
            "way          at  wall s   CPU s     MB  flight  start fetch proc wait finish\n"
            "sequential    1    16.0    1.60   20.0     1.0      0   100    0    0      0\n"
            "event_loop    8    2.00    0.20   20.0     8.0      5    50   25   15      5\n"
            "threads       8    2.40    0.24   20.0     8.0      0   100    0    0      0\n"
            "\n"
            "sequential    1 ###################################################### 16.0\n"
            "event_loop    8 ####==. 2.00\n"
            "threads       8 ######## 2.40\n"
            "wall time in seconds: - starting # fetching = processing . waiting + finishing\n"
            "\n"
            "All databases are equal.\n"
            "Use event_loop at 8: it is 8.0 times as fast as sequential because 8.0 requests\n"
            "wait for the API at once; threads at 8 takes 20 % longer.\n");
}

TEST(ComparedText, FitsEightyColumnsWhateverTheNumbers) {
  Compared large = three_ways();
  for (Measure& each : large.measures) {
    each.trial.setting.concurrency = 1000;
    each.wall = each.cpu = 30 * 24h;
    each.memory = Bytes{999'999'000'000};
    each.cost.in_flight = 1000;
    each.cost.times = {.finishing = 1s};
  }
  for (const Glyphs glyphs : {Glyphs::ascii, Glyphs::blocks}) {
    EXPECT_THAT(widths(to_text(large, glyphs)), Each(Le(80U)));
  }
}

TEST(ComparedText, BlocksAreAsManyAsAsciiSigns) {
  EXPECT_EQ(widths(to_text(three_ways(), Glyphs::blocks)),
            widths(to_text(three_ways(), Glyphs::ascii)));
}

TEST(ComparedText, ABarIsThereWhateverTheWayTook) {
  EXPECT_THAT(bar_chart(std::vector{measured(Way::threads, 8, 1ms), measured(Way::threads, 9, 1h)},
                        Glyphs::ascii),
              HasSubstr("threads       8 # 0.00\n"));
}

TEST(ComparedText, SaysHowItWasMeasured) {
  Compared compared = compared_of({measured(Way::processes, 8, 2s)});
  compared.measures.front().trial.setting.processes = 4;
  compared.repeats = 3;
  EXPECT_EQ(conditions_of(compared),
            "measured on 2 processors, the best of 3 runs each; processes: 4");
}

TEST(ComparedText, SaysWhereDatabasesDifferInsteadOfRecommending) {
  Compared differing = three_ways();
  differing.differences = {"repos id 1: stargazers_count is 5 with threads, 6 with event_loop"};
  const std::string text = to_text(differing, Glyphs::ascii);
  EXPECT_TRUE(
      text.ends_with("\nThe databases are not equal:\n"
                     "  repos id 1: stargazers_count is 5 with threads, 6 with event_loop\n"))
      << text;
}

Glyphs glyphs(const std::map<std::string, std::string>& variables) {
  return glyphs_of({.variable = [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }});
}

TEST(ComparedText, BlocksAreForLocalesThatHaveThem) {
  EXPECT_EQ(glyphs({}), Glyphs::ascii);
  EXPECT_EQ(glyphs({{"LANG", "de_DE.UTF-8"}}), Glyphs::blocks);
  EXPECT_EQ(glyphs({{"LANG", "C.utf8"}, {"LC_ALL", ""}}), Glyphs::blocks);
  EXPECT_EQ(glyphs({{"LANG", "de_DE.UTF-8"}, {"LC_ALL", "C"}}), Glyphs::ascii);
  EXPECT_EQ(glyphs({{"LANG", "de_DE.UTF-8"}, {"LC_CTYPE", "de_DE"}}), Glyphs::ascii);
}

TEST(ComparedText, PercentsAddUpToAHundred) {
  EXPECT_THAT(percents({.starting = 1ms, .fetching = 1ms, .processing = 1ms}),
              ElementsAre(34, 33, 33, 0, 0));
  EXPECT_THAT(percents({}), ElementsAre(0, 0, 0, 0, 0));
}

TEST(ComparedJson, IsOneObjectInOneLine) {
  const std::string text = to_json(three_ways());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["job"], "nightly");
  EXPECT_EQ(json["equal"], true);
  EXPECT_EQ(json["measures"].size(), 3U);
  EXPECT_EQ(json["measures"][1]["way"], "event_loop");
  EXPECT_EQ(json["measures"][1]["concurrency"], 8);
  EXPECT_DOUBLE_EQ(json["measures"][1]["stages"]["processing_s"], 0.5);
}

TEST(ComparedJson, RecommendsNothingWhereDatabasesDiffer) {
  Compared differing = three_ways();
  differing.differences = {"one"};
  const auto json = nlohmann::json::parse(to_json(differing));
  EXPECT_EQ(json["equal"], false);
  EXPECT_EQ(json["recommendation"], nullptr);
  EXPECT_EQ(json["differences"], nlohmann::json({"one"}));
}

TEST(ComparedJson, IsDocumentedMemberByMember) {
  std::ifstream file(std::string(REPOPIPE_SOURCE_DIR) + "/docs/compare.md");
  std::ostringstream page;
  page << file.rdbuf();
  const auto json = nlohmann::json::parse(to_json(three_ways()));
  const auto expect_documented = [&](const nlohmann::json& object) {
    for (const auto& [name, value] : object.items()) {
      EXPECT_NE(page.str().find('`' + name + '`'), std::string::npos) << name;
    }
  };
  expect_documented(json);
  expect_documented(json["measures"][0]);
  expect_documented(json["measures"][0]["stages"]);
}

}  // namespace
}  // namespace repopipe
