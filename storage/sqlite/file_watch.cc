#include "storage/sqlite/file_watch.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace repopipe {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::size_t kCounterAt = 24;  // file change counter
constexpr std::size_t kPagesAt = 28;    // size of the database
using FileHead = std::array<char, 100>;

// A read may see a page that is being written, so a bad result is checked again.
constexpr int kLooks = 3;

std::uint32_t word_at(const FileHead& head, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = at; i < at + 4; ++i) word = word << 8 | static_cast<unsigned char>(head[i]);
  return word;
}

}  // namespace

Result<std::unique_ptr<FileWatch>> FileWatch::begin(Database& writer, RunLock& lock) {
  const auto version = writer.integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (auto touched = writer.execute("PRAGMA user_version = " + std::to_string(*version));
      !touched) {
    return fail(touched.error());
  }
  const auto page_size = writer.integer("PRAGMA page_size");
  if (!page_size) return fail(page_size.error());
  auto count = writer.prepare("PRAGMA page_count");
  if (!count) return fail(count.error());
  std::unique_ptr<FileWatch> watch(
      new FileWatch(writer, lock, std::move(*count), static_cast<std::uint64_t>(*page_size)));
  const auto pages = watch->count_pages();
  if (!pages) return fail(pages.error());
  const Seen seen = watch->look();
  const Lock guard(watch->mutex_);
  watch->pages_ = *pages;
  watch->remember(seen);
  watch->is_bounded_ = seen.pages <= *pages;
  return watch;
}

// Uses the descriptor of the lock: closing another descriptor of the file would end SQLite's locks.
FileWatch::Seen FileWatch::look() const {
  struct stat status {};
  FileHead head{};
  if (fstat(lock_->file(), &status) != 0) return {};
  const ssize_t got = pread(lock_->file(), head.data(), head.size(), 0);
  if (got != static_cast<ssize_t>(head.size())) return {};
  return {.is_database = std::string_view(head.data(), kMagic.size()) == kMagic,
          .size = static_cast<std::uint64_t>(status.st_size),
          .counter = word_at(head, kCounterAt),
          .pages = word_at(head, kPagesAt)};
}

Result<std::uint32_t> FileWatch::count_pages() {
  const auto row = count_pages_.step();
  if (!row) return fail(row.error());
  const auto pages = static_cast<std::uint32_t>(count_pages_.integer(0));
  count_pages_.reset();
  return pages;
}

// Does not count pages that are only in the log.
void FileWatch::remember(const Seen& seen) {
  least_.size = std::max(least_.size, std::min(seen.size, pages_ * page_size_));
  least_.counter = std::max(least_.counter, seen.counter);
  least_.pages = std::max(least_.pages, std::min(seen.pages, pages_));
}

const char* FileWatch::trouble_of(const Seen& seen) const {
  if (seen.size < least_.size) return "truncated";
  const bool is_older = seen.counter < least_.counter || seen.pages < least_.pages;
  const bool is_other = !seen.is_database || (is_bounded_ && seen.pages > pages_);
  return is_older || is_other ? "overwritten" : nullptr;
}

Status FileWatch::check() {
  if (auto there = lock_->still_there(); !there) return there;
  Seen seen = look();
  const auto pages = count_pages();
  const Lock lock(mutex_);
  if (pages && *pages < pages_) {  // pages were given back, also by another program
    least_ = {};
    is_bounded_ = false;
  }
  if (pages) pages_ = *pages;
  const char* trouble = trouble_of(seen);
  for (int i = 1; trouble != nullptr && i < kLooks; ++i) {
    seen = look();
    trouble = trouble_of(seen);
  }
  if (trouble != nullptr) return lose(trouble);
  if (!pages) return fail(pages.error());
  remember(seen);
  return {};
}

bool FileWatch::may_move_log() const {
  const Seen seen = look();
  const Lock lock(mutex_);
  return trouble_of(seen) == nullptr;
}

const char* FileWatch::trouble_at_end() {
  const Seen seen = look();
  const auto pages = count_pages();
  if (!pages || seen.size < *pages * page_size_) return "truncated";
  return seen.size == *pages * page_size_ && seen.pages == *pages ? nullptr : "overwritten";
}

Status FileWatch::check_end() {
  if (auto whole = check(); !whole) return whole;
  const auto moved = writer_->checkpoint();
  if (!moved || !*moved) return {};  // a reader needs the log; the next connection moves it
  const char* trouble = trouble_at_end();
  for (int i = 1; trouble != nullptr && i < kLooks; ++i) {
    const auto again = writer_->checkpoint();  // another program may have committed since
    if (!again || !*again) return {};
    trouble = trouble_at_end();
  }
  return trouble == nullptr ? Status{} : lose(trouble);
}

Status FileWatch::lose(const char* trouble) {
  is_lost_ = true;
  writer_->leave_log();
  lock_->set_log_aside();
  return fail(
      FailureKind::displaced,
      writer_->path().string() + ": the file was " + trouble +
          " by another program while the run used it; what the run has listed is not in it");
}

}  // namespace repopipe
