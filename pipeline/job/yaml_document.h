// The kind of an unquoted YAML scalar, by the core schema (YAML 1.2.2, section 10.3.2).
#pragma once

#include <string_view>

#include "pipeline/job/document.h"

namespace repopipe {
NodeKind kind_of_plain(std::string_view text);

}  // namespace repopipe
