// What `check` prints besides its messages: errors as JSON, and the values of a job.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/job/document/diagnostics.h"
#include "pipeline/job/load.h"

namespace repopipe {

// One JSON object a line: {file, line, column, key, message, hint}.  Line and column are null
// without a position, key and hint are empty if there is none.
std::string diagnostics_json(const std::vector<Diagnostic>& diagnostics);

// What a job has for a key.
struct EffectiveValue {
  std::string_view key;
  std::string value;      // as in a job file, in one line; without secrets
  std::string origin;     // "job.yaml:3", "--set KEY=VALUE" or "default"
  Diagnostic position{};  // line 0: it is no value of the file
};

// One for each key, in the order of the documentation.  `loaded` has no diagnostics.
std::vector<EffectiveValue> effective_values(const LoadedJob& loaded);

// A line for each key, of all sections or of one, below the name of the file.
std::string effective_text(const LoadedJob& loaded, std::string_view section = {});

// One JSON object a line: {file, line, column, key, value, origin}.
std::string effective_json(const LoadedJob& loaded);

}  // namespace repopipe
