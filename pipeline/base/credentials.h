// Credentials in a text by what stands before them, whatever their form is.
#pragma once

#include <string>
#include <string_view>

namespace repopipe {

// `text` with what follows "Bearer " and "Basic " masked, unless it is an ordinary word.
// https://www.rfc-editor.org/rfc/rfc7617, https://www.rfc-editor.org/rfc/rfc6750
std::string without_credentials(std::string_view text);

}  // namespace repopipe
