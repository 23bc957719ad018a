// `repopipe report`: the figures, and the page in a real browser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/e2e/simulator.h"

namespace repopipe::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

Ended report(const Nightly& nightly, std::vector<std::string> arguments) {
  Program program = nightly.program();
  program.arguments = {repopipe_binary(), "report"};
  for (std::string& argument : arguments) program.arguments.push_back(std::move(argument));
  return run(program);
}

std::vector<std::string> with_nobody(std::vector<std::string> logins) {
  logins.emplace_back("nobody-has-this-login");
  return logins;
}

// Two nights of a small world, and a login that does not exist.  The page is PAGE.html in the
// folder of the job.
struct ReportOfNights : ::testing::Test {
  ReportOfNights() {
    for (const char* day : {"0", "1"}) {
      std::vector<std::string> world = options;
      world.insert(world.end(), {"--day", day});
      const Simulator github(world);
      EXPECT_EQ(nightly.run({"--set", "provider.base_url=" + github.base_url()}).exit_code, 0);
    }
    page = nightly.folder() / "page.html";
  }

  std::string page_text() {
    EXPECT_EQ(report(nightly, {nightly.job(), "--html", page}).err, "");
    return read_file(page);
  }

  std::string value_of(const std::string& sql) const { return value(nightly.database(), sql); }

  const std::vector<std::string> options{"--accounts", "60", "--seed", "3"};
  const Nightly nightly{"http://127.0.0.1:1", with_nobody(simulated_logins(options))};
  fs::path page;
};

std::string with_commas(std::string digits) {
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

TEST_F(ReportOfNights, FiguresEqualTheDatabase) {
  const std::string text = page_text();
  const std::string last = " FROM runs WHERE id = 2";
  EXPECT_THAT(text, HasSubstr("Requests<b>" + with_commas(value_of("SELECT requests" + last))));
  EXPECT_THAT(
      text, HasSubstr("<p>" + with_commas(value_of("SELECT requests_unchanged" + last)) + " free"));
  EXPECT_THAT(
      text,
      HasSubstr("Repositories<b>" +
                with_commas(value_of("SELECT count(*) FROM repos WHERE gone_since IS NULL"))));
  EXPECT_THAT(text,
              HasSubstr("New <small>" + with_commas(value_of("SELECT count(*) FROM new_repos"))));
  EXPECT_THAT(text, HasSubstr("Gone <small>" +
                              with_commas(value_of("SELECT count(*) FROM vanished_repos"))));
  EXPECT_THAT(
      text,
      HasSubstr("Users<b>" + value_of("SELECT users_ok + users_unchanged + users_renamed" + last)));
  const Rows gains = query(nightly.database(), "SELECT gain FROM star_gains_7d LIMIT 8");
  ASSERT_FALSE(gains.empty());
  EXPECT_THAT(text, HasSubstr(">+" + with_commas(gains.front()[0]) + "<"));
  const Rows slow = query(nightly.database(),
                          "SELECT login FROM slowest_users ORDER BY span_ms DESC, login LIMIT 1");
  EXPECT_THAT(text, HasSubstr("<tr><th scope=\"row\">" + slow.front()[0] + "</th>"));
}

TEST_F(ReportOfNights, WritesTheWholePageOrNothing) {
  const Ended nowhere = report(nightly, {nightly.job(), "--html", "/nowhere/page.html"});
  EXPECT_EQ(nowhere.exit_code, 73);
  EXPECT_THAT(nowhere.err, HasSubstr("/nowhere/page.html: cannot be written"));
  EXPECT_EQ(report(nightly, {nightly.folder() / "none.db", "--html", page}).exit_code, 78);
  EXPECT_EQ(report(nightly, {nightly.job(), "--html", page, "--run", "9"}).exit_code, 64);
  EXPECT_FALSE(fs::exists(page));
  const auto job = nightly.folder().write("new.yaml", "store: {database: none.db}\n");
  EXPECT_EQ(report(nightly, {job, "--html", page}).exit_code, 73);
}

TEST(ReportAfterARun, IsWrittenWhateverTheEndIs) {
  GatedApi api{100};
  const Nightly nightly{api.base_url(), {"octocat", "hubot"}};
  const fs::path page = nightly.folder() / "out.html";
  const std::string key = "report.html=out.html";
  ASSERT_EQ(nightly.run({"--set", key}).exit_code, 0);
  EXPECT_THAT(read_file(page), HasSubstr("All is well."));
  EXPECT_EQ(nightly.run({"--set", key, "--set", "provider.base_url=http://127.0.0.1:1"}).exit_code,
            69);
  EXPECT_THAT(read_file(page), HasSubstr("This night did not finish."));
  EXPECT_FALSE(fs::exists(page.string() + ".part"));
}

TEST(ReportAfterARun, IsOneWarningIfItCannotBeWritten) {
  GatedApi api{100};
  const Nightly nightly{api.base_url(), {"octocat"}};
  const Ended ended = nightly.run({"--quiet", "--set", "report.html=/nowhere/page.html"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.err,
            "repopipe: warning: report.html: /nowhere/page.html: cannot be written: No such file "
            "or directory\n");
}

// Chromium, alone and without a network.
Program browser(const TempFolder& folder, const fs::path& page,
                const std::vector<std::string>& options) {
  Program program{
      .arguments = {"/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu",
                    "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                    "--enable-logging=stderr", "--user-data-dir=" + (folder / "profile").string()},
      .environment = {{"HOME", folder.path().string()}}};
  program.arguments.insert(program.arguments.end(), options.begin(), options.end());
  program.arguments.push_back("file://" + page.string());
  return program;
}

// The page in a frame of that width, and a script that says how it came out.
std::string framed(const std::string& page, int width) {
  const std::string ampersands = std::regex_replace(page, std::regex("&"), "&amp;");
  return "<!DOCTYPE html><body><iframe width=" + std::to_string(width) +
         " height=900 style='border:0' srcdoc=\"" +
         std::regex_replace(ampersands, std::regex("\""), "&quot;") + R"html("></iframe><script>
onload = () => {
  const page = document.querySelector("iframe").contentDocument;
  const all = s => [...page.querySelectorAll(s)], width = page.documentElement.clientWidth;
  const boxes = all("rect, path, text, td, th, li, p").map(e => e.getBoundingClientRect());
  document.body.innerText = [
    "sideways=" + (page.documentElement.scrollWidth > width),
    "outside=" + boxes.filter(b => b.width > 0 && (b.left < -1 || b.right > width + 1)).length,
    "charts=" + all("svg[role=img]").length,
    "flat=" + all("svg[role=img]").filter(s => s.getBoundingClientRect().height < 40).length,
    "scripts=" + all("script").length,
    "dark=" + (getComputedStyle(page.body).backgroundColor != "rgb(255, 255, 255)")].join(" ");
};</script>)html";
}

TEST_F(ReportOfNights, FitsAPhoneAndADeskInLightAndDark) {
  execute(nightly.database(),
          "UPDATE repos SET full_name = '<script>alert(1)</script>' WHERE id IN "
          "(SELECT repo_id FROM new_repos LIMIT 1); UPDATE repos SET stargazers_count = 99999 "
          "WHERE full_name LIKE '<script%'");
  const std::string text = page_text();
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(1)"));
  for (const int width : {360, 1280}) {
    for (const bool is_dark : {false, true}) {
      const auto frame = nightly.folder().write("frame.html", framed(text, width));
      const std::string scheme =
          std::string("--blink-settings=preferredColorScheme=") + (is_dark ? "0" : "1");
      const Ended shown = run(browser(nightly.folder(), frame, {scheme, "--dump-dom"}));
      EXPECT_THAT(shown.out, HasSubstr("sideways=false outside=0 charts=6 flat=0 scripts=0 dark=" +
                                       std::string(is_dark ? "true" : "false")))
          << width;
      EXPECT_THAT(shown.err, Not(HasSubstr("CONSOLE"))) << shown.err;
    }
  }
}

TEST_F(ReportOfNights, FitsOnFourSheets) {
  page_text();
  const fs::path sheets = nightly.folder() / "page.pdf";
  const Ended printed = run(browser(nightly.folder(), page, {"--print-to-pdf=" + sheets.string()}));
  const std::string pdf = read_file(sheets);
  ASSERT_FALSE(pdf.empty()) << printed.err;
  const std::regex sheet("/Type ?/Page[^s]");
  const auto count = std::distance(std::sregex_iterator(pdf.begin(), pdf.end(), sheet), {});
  EXPECT_GE(count, 1);
  EXPECT_LE(count, 4);
  EXPECT_THAT(printed.err, Not(HasSubstr("CONSOLE")));
}

}  // namespace
}  // namespace repopipe::e2e
