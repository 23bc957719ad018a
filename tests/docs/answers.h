// The questions of docs/queries.md and their answers.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"

namespace repopipe::docs {

struct Question {
  std::string title;
  std::string sql;
};

// Each block of SQL, with the heading "### TITLE" above it, without an asterisk.
std::vector<Question> questions_in(std::string_view text);

// `text` with a table below each block of SQL: its answer on this database.  After a line `<!--
// example -->` the answer is replaced only if its columns differ.  Fails if a statement fails or
// has no rows; an example may have none.
Result<std::string> with_answers(std::string_view text, const std::filesystem::path& database);

}  // namespace repopipe::docs
