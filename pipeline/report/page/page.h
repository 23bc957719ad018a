// The report page: one HTML file without scripts that says how a night went.  Used by
// `repopipe report` and after a run.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pipeline/base/units.h"
#include "storage/query/night_report.h"

namespace repopipe {

// `version`: of this program.  All text of the report is escaped; secrets are not masked.
std::string to_html(const NightReport& report, std::string_view version, WallTime now);

// Reads the database and writes the page as a whole, with secrets masked.  Opens nothing else for
// writing.  The kind of a failure is that of night_report or write_whole.
Status write_page(const std::filesystem::path& database, const NightChoice& choice,
                  const std::filesystem::path& html, std::string_view version, WallTime now);

// The sections of the page.

// What changed: stars gained, new, gone, renamed or moved.
std::string changes_section(const NightReport& report);
// Failed requests by kind.
std::string failed_requests_table(const NightReport& report);
std::string slowest_table(const NightReport& report);
// Who was not listed.
std::string not_listed_section(const NightReport& report);
// The charts of the last nights, and their figures as a table.
std::string nights_section(const NightReport& report);

}  // namespace repopipe
