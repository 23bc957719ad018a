#include "pipeline/source/username_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/job/document/document.h"
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

constexpr std::size_t kFull = 64 << 10;

// Writes logins to a file, one per line, in the order of the calls.
class LoginSpool {
 public:
  // `folder`: the folder of the file, for messages.
  LoginSpool(Descriptor file, std::filesystem::path folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  Status add(std::string_view login);
  // Writes the buffered rest and returns the file.
  Result<Descriptor> finish();

 private:
  Status flush();

  Descriptor file_;
  std::filesystem::path folder_;
  std::string buffer_;
};

Status LoginSpool::add(std::string_view login) {
  buffer_.append(login).push_back('\n');
  return buffer_.size() < kFull ? Status{} : flush();
}

Result<Descriptor> LoginSpool::finish() {
  if (const Status written = flush(); !written) return fail(written.error());
  return std::move(file_);
}

Status LoginSpool::flush() {
  const Status written = write_all(file_, buffer_);
  buffer_.clear();
  if (written) return written;
  return fail(written.error().kind,
              fmt::format("cannot be copied to a temporary file in {} (see TMPDIR): {}",
                          folder_.string(), written.error().message));
}

using nlohmann::json;

// Each event returns false to end the parse.
class UserEvents final : public nlohmann::json_sax<json> {
 public:
  UserEvents(TrackedInput& input, LoginCheck& check, LoginSpool& spool)
      : input_(input), check_(check), spool_(spool) {}

  bool null() override { return refuse("null"); }
  bool boolean(bool value) override { return refuse(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return number(text); }
  bool binary(binary_t&) override { return false; }  // not in JSON text

  bool string(string_t& text) override {
    if (check_.check(text, input_.token_start())) status_ = spool_.add(text);
    input_.token_over();
    return status_.has_value();
  }

  bool start_array(std::size_t) override {
    if (inside_) return nested("a list");
    inside_ = true;
    input_.token_over();
    return true;
  }
  bool start_object(std::size_t) override { return nested("an object"); }
  bool key(string_t&) override { return false; }  // objects end the parse
  bool end_object() override { return false; }
  bool end_array() override {
    input_.token_over();
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
    if (!input_.failure()) return false;  // the stream failed; the JSON may be correct
    const Complaint complaint = complaint_about_json(input_, error.what());
    check_.refuse(complaint.at, complaint.message);
    return false;
  }

  Status status() const { return status_; }

 private:
  bool number(const std::string& text) {
    check_.refuse(input_.token_start(),
                  shown_key(text) + " is not a username: expected text in quotes");
    input_.number_over();
    return true;
  }

  bool refuse(const std::string& what) {
    check_.refuse(input_.token_start(), what + " is not a username: expected text in quotes");
    input_.token_over();
    return true;
  }

  bool nested(const std::string& what) {
    check_.refuse(input_.token_start(), what + " is not a username: expected text");
    return false;
  }

  TrackedInput& input_;
  LoginCheck& check_;
  LoginSpool& spool_;
  Status status_;
  bool inside_ = false;
};

// Reads a JSON array of strings from the current chunk of `stream` on.  Reports invalid JSON and
// entries that are not usernames to `check`, and adds the other entries to `spool`.
Status check_user_json(ByteStream& stream, LoginCheck& check, LoginSpool& spool) {
  TrackedInput input(stream);
  UserEvents events(input, check, spool);
  json::sax_parse(InputCursor(input), InputCursor(), &events);
  if (const Status read = input.failure(); !read) return read;
  return events.status();
}

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
