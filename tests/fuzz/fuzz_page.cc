// Any bytes as the body of a page of GitHub's listing.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "stages/parse/json_row.h"
#include "stages/providers/github/github.h"
#include "tests/fuzz/page_checks.h"
#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

// Reads `text` with exactly the padding, filled with `filler`.
Result<Page> read(std::string_view text, char filler, JsonScratch& scratch) {
  static const JsonRowReader reader(kGithubRepositories.fields);
  const std::size_t capacity = text.size() + kPadding;
  const auto room = std::make_unique_for_overwrite<char[]>(capacity);
  std::memcpy(room.get(), text.data(), text.size());
  std::memset(room.get() + text.size(), filler, kPadding);
  return reader.read({{room.get(), text.size()}, capacity}, 7, scratch);
}

void check_same(const Result<Page>& page, const Result<Page>& again) {
  require(page.has_value() == again.has_value(), "reading again comes to the same",
          (page ? again : page).error().message);
  if (!page) return;
  require(page->skipped == again->skipped && page->digest == again->digest &&
              page->skipped_ids == again->skipped_ids && page->skip_note == again->skip_note &&
              same(page->rows, again->rows),
          "reading again gives the same rows");
}

void check(std::string_view text) {
  static JsonScratch used;
  JsonScratch fresh;
  const Result<Page> page = read(text, '\0', used);
  const Result<Page> second = read(text, '\0', fresh);
  require(page || second || page.error() == second.error(), "a used parser says the same");
  check_same(page, second);
  check_same(page, read(text, '"', fresh));
  // simdjson counts brackets only before a ']' (its issue 1834), so it may reject more here.
  if (const Result<Page> strict = read(text, ']', fresh)) check_same(page, strict);
  if (!page) {
    const FailureKind kind = page.error().kind;
    require(kind == FailureKind::malformed || kind == FailureKind::bad_record,
            "what is no page is malformed or has a bad record");
    return require_line(page.error().message);
  }
  require(page->number == 7, "a page knows its number");
  check_page(*page);
}

}  // namespace
}  // namespace repopipe::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  repopipe::fuzz::check(repopipe::fuzz::text_of(bytes, size));
  return 0;
}
