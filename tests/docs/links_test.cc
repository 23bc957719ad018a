// Each relative link of the documents names a file of the sources.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace repopipe::docs {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> documents() {
  const fs::path sources = REPOPIPE_SOURCE_DIR;
  std::vector<fs::path> found{sources / "README.md", sources / "CONTRIBUTING.md",
                              sources / "pipeline/README.md"};
  for (const auto& entry : fs::directory_iterator(sources / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  return found;
}

// "docs/guide.md" of "[guide](docs/guide.md#next)"; not addresses, and not headings of the same
// file.
std::vector<std::string> links_of(const fs::path& document) {
  static const std::regex kLink("\\]\\(([^)#: ]+)(?:#[^)]*)?\\)");
  std::ifstream file(document);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> links;
  for (std::sregex_iterator each(text.begin(), text.end(), kLink), end; each != end; ++each) {
    links.push_back((*each)[1]);
  }
  return links;
}

TEST(Links, OfTheDocumentsNameFiles) {
  std::size_t count = 0;
  for (const fs::path& document : documents()) {
    for (const std::string& link : links_of(document)) {
      EXPECT_TRUE(fs::exists(document.parent_path() / link)) << document << ": " << link;
      ++count;
    }
  }
  EXPECT_GE(count, 100u);
}

}  // namespace
}  // namespace repopipe::docs
