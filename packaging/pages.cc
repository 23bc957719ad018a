// Writes the manual pages as text for scdoc, and the completions: pages FOLDER.  The build calls
// it; packaging/make_pages does the rest.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "pipeline/base/failure.h"
#include "pipeline/command/options.h"
#include "pipeline/describe/manual.h"
#include "pipeline/report/ends.h"
#include "tests/simulator/options.h"

namespace {

using namespace repopipe;

// What the first line of a failed run names, and what to do.
ManualSection diagnostics() {
  std::string text =
      "The first line of every end but 0 is _JOB: WORD (CODE): CAUSE_, and the second one says "
      "what "
      "to do.\n\n";
  for (const EndRow& row : end_rows()) {
    if (row.exit_code == ExitCode::complete) continue;
    const std::string term =
        fmt::format("*{} ({})*", for_scdoc(row.word), static_cast<int>(row.exit_code));
    const std::string action = action_of(row, {"JOB", "ADDRESS", "ADDRESS"});
    text += manual_entry(term, fmt::format("{}. {}.", for_scdoc(row.meaning), for_scdoc(action)));
  }
  return {"DIAGNOSTICS", text};
}

ManualPage page_of_simulator() {
  CLI::App app(simulator::kDescription, simulator::kProgram);
  simulator::RawOptions raw;
  simulator::add_options(app, raw);
  return manual_page(describe_program(app).program, notes_of_simulator());
}

bool write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream stream(file);
  stream << text << std::flush;
  if (!stream) fmt::print(stderr, "pages: cannot write {}\n", file.string());
  return static_cast<bool>(stream);
}

bool write_all(const std::filesystem::path& folder) {
  const CommandLine line;
  const ProgramDescription program = describe_program(line.app);
  const ManualSection further[] = {diagnostics()};
  std::vector<ManualPage> pages = manual_pages(program, further);
  pages.push_back(page_of_simulator());
  bool good = true;
  for (const ManualPage& page : pages) {
    good &= write(folder / fmt::format("{}.{}.scd", page.name, page.section), page.text);
  }
  for (const std::string_view shell : kShells) {
    good &= write(folder / fmt::format("repopipe.{}", shell), completion_script(shell, program));
  }
  return good;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: pages FOLDER\n");
    return 64;
  }
  return write_all(arguments[1]) ? 0 : 73;
}
