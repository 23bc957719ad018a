// Writes the tables of the documents that it is given; see doc_tables.h.  scripts/docs calls it.
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "tests/docs/doc_tables.h"

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    std::ifstream file(arguments[i]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto written = repopipe::docs::with_tables(text);
    if (!file || !written) {
      fmt::print(stderr, "{}: {}\n", arguments[i],
                 written ? "cannot be read" : written.error().message);
      return 1;
    }
    std::ofstream(arguments[i]) << *written;
  }
}
