#include "pipeline/source/username_file.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/source/login_spool.h"
#include "pipeline/source/user_json.h"
#include "pipeline/source/usernames.h"

namespace repopipe {
namespace {

constexpr std::size_t kLongestLine = 64 << 10;

// Up to a # that begins the line or follows a blank.
std::string_view without_comment(std::string_view line) {
  std::size_t at = line.find('#');
  while (at != line.npos && at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t') {
    at = line.find('#', at + 1);
  }
  return line.substr(0, at);
}

}  // namespace

LineReader::LineReader(ByteStream stream) : stream_(std::move(stream)), rest_(stream_.chunk()) {}

Result<ListEntry> LineReader::next() {
  while (true) {
    const Result<bool> more = next_line();
    if (!more) return fail(more.error());
    if (!*more) return ListEntry{};
    const std::string_view text = trim(without_comment(line_));
    if (text.empty()) continue;
    const auto before = static_cast<std::size_t>(text.data() - line_.data());
    const auto column = static_cast<int>(count_characters(line_.substr(0, before))) + 1;
    return ListEntry{text, {number_, column}};
  }
}

Result<bool> LineReader::next_line() {
  carried_.clear();
  std::size_t end = rest_.find('\n');
  while (end == rest_.npos) {
    carried_ += rest_;
    if (carried_.size() > kLongestLine) break;
    if (const Status read = stream_.advance(); !read) return fail(read.error());
    rest_ = stream_.chunk();
    if (rest_.empty() && carried_.empty()) return false;
    if (rest_.empty()) break;
    end = rest_.find('\n');
  }
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(std::min(line_.size() + 1, rest_.size()));
  if (!carried_.empty()) line_ = carried_.append(line_);
  if (++number_ == 1 && line_.starts_with(kByteOrderMark)) {
    line_.remove_prefix(kByteOrderMark.size());
  }
  if (line_.size() > kLongestLine) {
    return fail(FailureKind::job, fmt::format("line {} is longer than 64 KiB", number_));
  }
  return true;
}

namespace {

// A login cannot begin with a bracket, so the first character distinguishes an array from a text
// list.
bool begins_array(std::string_view chunk) {
  if (chunk.starts_with(kByteOrderMark)) chunk.remove_prefix(kByteOrderMark.size());
  return trim(chunk).starts_with('[');
}

Status check_lines(ByteStream stream, LoginCheck& check, LoginSpool* spool) {
  LineReader lines(std::move(stream));
  while (true) {
    const Result<ListEntry> entry = lines.next();
    if (!entry) return fail(entry.error());
    if (entry->text.empty()) return {};
    if (!check.check(entry->text, entry->at) || spool == nullptr) continue;
    if (const Status kept = spool->add(entry->text); !kept) return kept;
  }
}

}  // namespace

Result<CheckedUsers> check_users(const UserFile& file, const Provider& provider,
                                 Diagnostics& diagnostics) {
  ByteStream stream(file.descriptor, file.from);
  if (const Status read = stream.advance(); !read) return fail(read.error());
  if (const std::string_view encoding = foreign_encoding(stream.chunk()); !encoding.empty()) {
    return fail(FailureKind::job, words_of_encoding(encoding));
  }
  const bool array = begins_array(stream.chunk());
  std::optional<LoginSpool> spool;
  if (array || file.from == ReadFrom::here) {
    Result<Descriptor> copy = make_unnamed_file(file.temporary_folder);
    if (!copy) return fail(copy.error());
    spool.emplace(std::move(*copy), file.temporary_folder);
  }
  LoginCheck check(diagnostics, diagnostics.add_place(file.name), provider);
  const Status checked = array ? check_user_json(stream, check, *spool)
                               : check_lines(std::move(stream), check, spool ? &*spool : nullptr);
  if (!checked) return fail(checked.error());
  check.finish();
  CheckedUsers users{
      .count = check.good() + check.bad(), .fingerprint = check.fingerprint(), .copy = {}};
  if (!spool) return users;
  Result<Descriptor> copy = spool->finish();
  if (!copy) return fail(copy.error());
  users.copy = std::move(*copy);
  return users;
}

}  // namespace repopipe
