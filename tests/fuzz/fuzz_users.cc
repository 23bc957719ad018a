// Any bytes as a list of users: read as a file, and once more as a pipe would give them.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "pipeline/source/username_file.h"
#include "tests/fuzz/job_checks.h"
#include "tests/fuzz/made_up_files.h"
#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

// The result of checking a list: its diagnostics, or why it cannot be read.
struct Answer {
  std::uint64_t count = 0;
  std::vector<Diagnostic> diagnostics;
  std::string failure;

  friend bool operator==(const Answer&, const Answer&) = default;
};

Answer check(std::string_view text, ReadFrom from) {
  Descriptor file = opened(text);
  Diagnostics diagnostics;
  const UserFile source{
      .descriptor = file.number(), .from = from, .name = "users", .temporary_folder = "/made-up"};
  Result<CheckedUsers> checked = check_users(source, *providers().front(), diagnostics);
  Answer answer{.diagnostics = diagnostics.take()};
  check_diagnostics(answer.diagnostics, text);
  if (!checked) {
    answer.failure = checked.error().message;
    require_line(answer.failure);
    return answer;
  }
  answer.count = checked->count;
  if (!answer.diagnostics.empty()) return answer;
  const bool copied = checked->copy.is_open();
  require(copied || from == ReadFrom::start, "what cannot be read twice is copied");
  check_users_readable({.file = copied ? std::move(checked->copy) : std::move(file),
                        .file_name = "users",
                        .count = checked->count});
  return answer;
}

}  // namespace
}  // namespace repopipe::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace repopipe;
  using namespace repopipe::fuzz;
  const std::string_view text = text_of(bytes, size);
  require(check(text, ReadFrom::start) == check(text, ReadFrom::here),
          "a file and a pipe are read alike");
  return 0;
}
