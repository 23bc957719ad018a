// The manual pages as text for scdoc(5), from the tables of commands, options, keys and exit codes.
// packaging/pages.cc writes them while the program is built.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/describe/program.h"

namespace repopipe {

struct ManualPage {
  std::string name;  // "repopipe-run"
  int section;       // 1: programs, 5: files
  std::string text;  // for scdoc
};

// A section that no table of this folder yields.
struct ManualSection {
  std::string_view title;
  std::string text;  // for scdoc
};

// What the page of a command says besides its options.  All texts are for scdoc.
struct CommandNotes {
  std::string_view command;      // "run"
  std::string_view description;  // paragraphs
  std::string_view exit_status;  // lines; empty: only 0 and those of a wrong command line
  std::string_view examples;     // lines of a shell
  std::string_view see_also;     // further pages, "*repopipe-job*(5)"
};

std::span<const CommandNotes> command_notes();

// Sections about files, environment variables and examples.
std::span<const ManualSection> notes_of_program();    // repopipe(1)
std::span<const ManualSection> notes_of_job();        // repopipe-job(5)
std::span<const ManualSection> notes_of_simulator();  // repopipe-simulator(1)

// `text` so that scdoc prints it as it is, within a paragraph that does not begin with it.
std::string for_scdoc(std::string_view text);

// A bold or underlined term and the indented paragraph about it.
std::string manual_entry(std::string_view term, std::string_view text);

// repopipe(1), a page for each command, and repopipe-job(5).  `further` are sections of
// repopipe(1).
std::vector<ManualPage> manual_pages(const ProgramDescription& program,
                                     std::span<const ManualSection> further);

// The page of a program without commands.  The first of `notes` is its description.
ManualPage manual_page(const CommandDescription& program, std::span<const ManualSection> notes);

}  // namespace repopipe
