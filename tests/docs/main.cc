// Writes the tables of the documents that it is given, see doc_tables.h; the schema of jobs
// (job.schema.json); the metadata of Datasette (datasette.yaml); and the answers of queries.md,
// after `--demo DATABASE`.  scripts/docs calls it.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "pipeline/describe/schema.h"
#include "tests/docs/answers.h"
#include "tests/docs/datasette.h"
#include "tests/docs/doc_tables.h"

namespace {

using repopipe::Result;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::string> written(const std::filesystem::path& path, const std::string& demo) {
  if (path.extension() == ".json") return repopipe::job_schema();
  if (path.filename() == "queries.md") return repopipe::docs::with_answers(text_of(path), demo);
  if (path.filename() == "datasette.yaml") {
    const auto docs = path.parent_path() / ".." / "docs";
    return repopipe::docs::datasette_metadata(text_of(docs / "database.md"),
                                              text_of(docs / "queries.md"));
  }
  return repopipe::docs::with_tables(text_of(path));
}

}  // namespace

int main(int count, char** arguments) {
  std::string demo;
  for (int i = 1; i < count; ++i) {
    if (std::string_view(arguments[i]) == "--demo" && i + 1 < count) {
      demo = arguments[++i];
      continue;
    }
    const auto text = written(arguments[i], demo);
    if (!text || text->empty()) {
      fmt::print(stderr, "{}: {}\n", arguments[i], text ? "cannot be read" : text.error().message);
      return 1;
    }
    std::ofstream(arguments[i]) << *text;
  }
}
