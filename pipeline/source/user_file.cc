#include "pipeline/source/user_file.h"

#include <optional>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/source/line_reader.h"
#include "pipeline/source/login_check.h"
#include "pipeline/source/login_spool.h"
#include "pipeline/source/user_json.h"

namespace repopipe {
namespace {

// A login cannot begin with a bracket, so the first character tells an array from a text list.
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

Result<CheckedUsers> check_users(const UserFile& file, Diagnostics& diagnostics) {
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
  LoginCheck check(diagnostics, diagnostics.add_place(file.name));
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
