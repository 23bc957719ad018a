#include "pipeline/job/source_text.h"

#include <fmt/format.h>

#include "pipeline/base/text.h"
#include "pipeline/job/files.h"

namespace repopipe {
namespace {

constexpr std::size_t kLargest = 64 << 20;

// Control characters are in no job file, and some of them end a text for yaml-cpp.
bool is_text(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 ? byte != 0x7f : c == '\t' || c == '\n' || c == '\r';
}

Result<std::string> read_whole(const std::filesystem::path& file) {
  const Result<Descriptor> handle = open_for_reading(file);
  if (!handle) return fail(handle.error());
  ByteStream stream(handle->number(), ReadFrom::here);
  std::string text;
  while (true) {
    if (const Status read = stream.advance(); !read) return fail(read.error());
    if (stream.chunk().empty()) return text;
    text += stream.chunk();
    if (text.size() > kLargest) {
      return fail(FailureKind::job,
                  "a job file has at most 64 MiB; put long lists of users into a file of their own "
                  "(source.usernames_file)");
    }
  }
}

}  // namespace

std::optional<std::string> read_source_text(const std::filesystem::path& file, Place place,
                                            Diagnostics& diagnostics) {
  Result<std::string> text = read_whole(file);
  if (!text) {
    diagnostics.add(place, {}, text.error().message);
    return std::nullopt;
  }
  if (const std::string_view encoding = foreign_encoding(*text); !encoding.empty()) {
    diagnostics.add(place, {}, words_of_encoding(encoding));
    return std::nullopt;
  }
  if (text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
  if (trim(*text).empty()) {
    diagnostics.add(place, {}, "the file is empty");
    return std::nullopt;
  }
  if (!check_text(*text, place, diagnostics)) return std::nullopt;
  return std::move(*text);
}

bool check_text(std::string_view text, Place place, Diagnostics& diagnostics) {
  Position at{1, 1};
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      diagnostics.add(place, at, "this is not UTF-8: save the file in that encoding");
      return false;
    }
    if (!is_text(text.front())) {
      diagnostics.add(place, at,
                      fmt::format("a control character (0x{:02x}) must not stand here",
                                  static_cast<unsigned char>(text.front())));
      return false;
    }
    at = text.front() == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace repopipe
