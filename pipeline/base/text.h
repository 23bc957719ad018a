// ASCII text rules shared by all layers: what HTTP and GitHub compare without regard to case.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// Lower case of A-Z only; everything else stays, so it never depends on a locale.
std::string fold_case(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);
std::string_view trim(std::string_view text);

// Broken between words into lines of at most 80 columns, of which the first begins behind `indent`
// columns and the others with as many blanks.
std::string wrapped(std::string_view text, std::size_t indent);

// Foreign text as it can stand in one line for people: what is not printable ASCII becomes '?', and
// behind `most` characters it is cut.
std::string printable(std::string_view text, std::size_t most = 120);

}  // namespace repopipe
