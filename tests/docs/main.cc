// Writes the tables of the documents that it is given, see doc_tables.h, and the schema of jobs.
// scripts/docs calls it.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string_view>

#include "pipeline/describe/schema.h"
#include "tests/docs/doc_tables.h"

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    std::ifstream file(arguments[i]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const bool is_schema = std::string_view(arguments[i]).ends_with(".json");
    const auto written = is_schema ? repopipe::Result<std::string>(repopipe::job_schema())
                                   : repopipe::docs::with_tables(text);
    if (!file || !written) {
      fmt::print(stderr, "{}: {}\n", arguments[i],
                 written ? "cannot be read" : written.error().message);
      return 1;
    }
    std::ofstream(arguments[i]) << *written;
  }
}
