#include "pipeline/compare/html_page.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "pipeline/report/html.h"
#include "tests/pipeline/compare/made_up_measures.h"

namespace repopipe {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

std::string page() {
  Compared compared =
      compared_of({measured(Way::sequential, 1, 16s), measured(Way::event_loop, 8, 2s)});
  compared.job = "<b>\"A\" & 'B'</b>";
  return to_html(compared);
}

std::size_t count(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  return static_cast<std::size_t>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), regex), {}));
}

TEST(HtmlPage, EscapesWhatOthersWrote) {
  EXPECT_EQ(escape_html("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_THAT(page(), HasSubstr("<h1>&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;: ways"));
  EXPECT_THAT(page(), Not(HasSubstr("<b>")));
}

TEST(HtmlPage, NeedsNothingFromElsewhere) {
  EXPECT_EQ(count(page(), "https?:|<script|<link|<img|@import|url\\("), 0U);
}

TEST(HtmlPage, HasATextAlternativeForItsCharts) {
  EXPECT_EQ(count(page(), "<svg role=\"img\" aria-labelledby="), 4U);
  EXPECT_EQ(count(page(), "<svg"), 4U);
  EXPECT_THAT(page(), HasSubstr("<desc id=\"wall-words\">sequential: 16.0 s; event_loop at 8: 2.00 "
                                "s</desc>"));
  EXPECT_EQ(count(page(), "<th>"), 0U) << "each says what it heads";
  EXPECT_EQ(count(page(), "<th scope=\"col\">"), 11U);
  EXPECT_EQ(count(page(), "<th scope=\"row\">"), 2U);
  EXPECT_EQ(count(page(), "<html lang=\"en\">"), 1U);
}

TEST(HtmlPage, SaysWhichWayToUse) {
  EXPECT_THAT(page(), HasSubstr("Use event_loop at 8: it is 8.0 times as fast as sequential"));
}

TEST(HtmlPage, SaysWhereDatabasesDiffer) {
  Compared differing = compared_of({measured(Way::threads, 8, 16s)});
  differing.differences = {"repos id 1: name is \"<x>\" with a, \"y\" with b"};
  EXPECT_THAT(to_html(differing), HasSubstr("<li>repos id 1: name is &quot;&lt;x&gt;&quot;"));
  EXPECT_THAT(to_html(differing), Not(HasSubstr("all databases are equal")));
}

TEST(HtmlPage, BarsAreSharesOfTheLongest) {
  const std::vector<Bar> bars{{"a", "1 s", {{"plain", 0.25}, {"other", 0.5}}}};
  const std::string svg = svg_chart("x", "T & U", bars);
  EXPECT_THAT(svg, HasSubstr("<title id=\"x-title\">T &amp; U</title>"));
  EXPECT_THAT(svg, HasSubstr("class=\"plain\" x=\"0.000%\" y=\"22\" width=\"25.000%\""));
  EXPECT_THAT(svg, HasSubstr("class=\"other\" x=\"25.000%\" y=\"22\" width=\"50.000%\""));
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(WriteWhole, TakesThePlaceOfWhatWasThere) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) /
                                     ("repopipe-page-" + std::to_string(getpid()) + ".html");
  ASSERT_TRUE(write_whole(path, "one"));
  ASSERT_TRUE(write_whole(path, "two"));
  EXPECT_EQ(text_of(path), "two");
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  std::filesystem::remove(path);
}

TEST(WriteWhole, NamesThePathThatCannotBeWritten) {
  const Status written = write_whole("/nowhere/page.html", "one");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(),
            (Failure{FailureKind::output,
                     "/nowhere/page.html: cannot be written: No such file or directory"}));
}

}  // namespace
}  // namespace repopipe
