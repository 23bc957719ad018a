#include "pipeline/source/login_spool.h"

#include <fmt/format.h>

namespace repopipe {
namespace {

constexpr std::size_t kFull = 64 << 10;

}  // namespace

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

}  // namespace repopipe
