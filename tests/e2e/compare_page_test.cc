// The page of `repopipe compare` in a real browser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "tests/e2e/nightly.h"
#include "tests/e2e/simulator.h"
#include "tests/e2e/world.h"

namespace repopipe::e2e {
namespace {

using ::testing::HasSubstr;

// Chromium, alone and without a network.
Program browser(const TempFolder& folder, const std::filesystem::path& page) {
  return {.arguments = {"/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu",
                        "--disable-quic", "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                        "--user-data-dir=" + (folder / "profile").string(), "--dump-dom",
                        "file://" + page.string()},
          .environment = {{"HOME", folder.path().string()}}};
}

std::string as_attribute(const std::string& html) {
  std::string text = std::regex_replace(html, std::regex("&"), "&amp;");
  return std::regex_replace(text, std::regex("\""), "&quot;");
}

// The page in a frame of that width, and a script that says how it came out.
std::string framed(const std::string& page, int width) {
  return "<!DOCTYPE html><body><iframe width=" + std::to_string(width) +
         " height=900 style='border:0' srcdoc=\"" + as_attribute(page) + R"html("></iframe><script>
onload = () => {
  const page = document.querySelector("iframe").contentDocument, all = s => [...page.querySelectorAll(s)];
  const bars = all("rect").map(r => r.getBoundingClientRect());
  const texts = all("svg text").map(t => t.getBoundingClientRect());
  const width = page.documentElement.clientWidth;
  document.body.innerText = [
    "sideways=" + (page.documentElement.scrollWidth > width),
    "outside=" + [...bars, ...texts].filter(r => r.left < 0 || r.right > width + 1).length,
    "charts=" + all("svg[role=img]").length,
    "flat=" + all("svg").filter(s => s.getBoundingClientRect().height < 40).length,
    "rows=" + all("tbody tr").length,
    "title=" + page.title].join(" ");
};</script>)html";
}

TEST(ComparePage, FitsAPhoneAndADesk) {
  const std::vector<std::string> options{"--accounts", "10", "--seed", "3", "--small"};
  const Simulator github(options);
  const Nightly nightly(github.base_url(), simulated_logins(options));
  const auto page = nightly.folder() / "page.html";
  Program program = nightly.program({"--ways", "threads,event_loop", "--concurrency", "8,1000",
                                     "--set", "name=<i>a job</i>", "--html", page.string()});
  program.arguments[1] = "compare";
  const Ended ended = run(program);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  for (const int width : {360, 1200}) {
    const auto frame = nightly.folder().write("frame.html", framed(read_file(page), width));
    const Ended shown = run(browser(nightly.folder(), frame));
    EXPECT_THAT(shown.out, HasSubstr("sideways=false outside=0 charts=4 flat=0 rows=4 "
                                     "title=&lt;i&gt;a job&lt;/i&gt;: ways to run it"))
        << width << shown.err;
  }
}

}  // namespace
}  // namespace repopipe::e2e
