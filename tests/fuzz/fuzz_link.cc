// The Link header.  The first line of an input is the base URL, the second a relation, the third a
// page number, the rest the header.
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "pipeline/base/text.h"
#include "pipeline/base/url.h"
#include "stages/parse/paging.h"
#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

int number_in(std::string_view text) {
  int number = 1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::max(number, 1);
}

void check_page(std::string_view target, int page) {
  const auto before = query_number(target, "page");
  require(!before || *before >= 1, "pages count from 1", target);
  const std::string changed = with_query_number(target, "page", page);
  require(query_number(changed, "page") == page, "a page that is set is there", changed);
  if (!before) return;
  require(query_number(with_query_number(changed, "page", *before), "page") == before,
          "a page can be set back", changed);
}

void check_target(std::string_view target, std::string_view url) {
  require(target.starts_with('/'), "a target begins with a slash", target);
  require(target.find('#') == target.npos, "a target has no fragment", target);
  const std::string_view path = target.substr(0, target.find_first_of("?#"));
  require(path.find("/../") == path.npos && !path.ends_with("/.."),
          "a target does not lead out of the base", url);
}

void check(std::string_view text) {
  const std::string_view base = take_line(text);
  const std::string_view relation = take_line(text);
  const int page = number_in(take_line(text));
  check_page(text, page);
  const auto url = find_link(text, relation);
  if (!url) return;
  require(url->data() >= text.data() && url->data() + url->size() <= text.data() + text.size(),
          "a link's target is a part of the header");
  require(find_link(text, fold_case(relation)) == url, "relations have no case", relation);
  check_page(*url, page);
  const auto target = target_below(base, "/users/octocat/repos", *url);
  if (!target) return;
  check_target(*target, *url);
  check_page(*target, page);
}

}  // namespace
}  // namespace repopipe::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  repopipe::fuzz::check(repopipe::fuzz::text_of(bytes, size));
  return 0;
}
