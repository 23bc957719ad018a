// Puts the values of `--set path=value` into the tree of a job file.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pipeline/job/diagnostic.h"
#include "pipeline/job/node.h"

namespace repopipe {

// Applied in order.  The value is read as YAML and takes the place of what stands there, sections
// too; sections that are missing are made.  Mistakes in form go to `diagnostics`; whether key and
// value are right is for bind.
void apply_overrides(std::span<const std::string> overrides, Node& root, Diagnostics& diagnostics);

// Those mistakes in form alone, without a job.
std::vector<Diagnostic> check_form(std::span<const std::string> overrides);

}  // namespace repopipe
