#include "pipeline/source/subject_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "pipeline/source/usernames.h"

namespace repopipe {
namespace {

constexpr std::size_t kBlock = 256;

}  // namespace

UsernameReader::UsernameReader(const UserList& users)
    : users_(users), lines_(ByteStream(users.file.number(), ReadFrom::start)) {}

Result<std::vector<Subject>> UsernameReader::next_block() {
  std::vector<Subject> block;
  block.reserve(kBlock);
  const std::size_t inline_end = std::min(next_inline_ + kBlock, users_.inline_entries.size());
  while (next_inline_ < inline_end) {
    block.push_back(*parse_entry(users_.inline_entries[next_inline_++], *users_.provider));
  }
  while (users_.file.is_open() && block.size() < kBlock) {
    const Result<ListEntry> entry = lines_.next();
    if (!entry) return fail(entry.error().within(users_.file_name));
    if (entry->text.empty()) break;
    auto subject = parse_entry(entry->text, *users_.provider);
    if (!subject) {
      return fail(FailureKind::job,
                  fmt::format("{}:{}:{}: {}", users_.file_name, entry->at.line, entry->at.column,
                              complaint_about_entry(entry->text, *users_.provider)));
    }
    block.push_back(std::move(*subject));
  }
  return block;
}

Result<std::vector<Subject>> ShardFilter::next_block() {
  for (;;) {
    auto block = inner_.next_block();
    if (!block || block->empty()) return block;
    drop_others(*block);
    if (!block->empty()) return block;
  }
}

Result<std::vector<Subject>> ShardFilter::expand(std::vector<Subject> subjects) {
  drop_others(subjects);
  return inner_.expand(std::move(subjects));
}

void ShardFilter::drop_others(std::vector<Subject>& subjects) const {
  std::erase_if(subjects, [this](const Subject& subject) {
    return subject.resource == kRepositoriesId && !shard_.holds(subject.login);
  });
}

Result<std::uint64_t> count_users(const UserList& users, Shard shard) {
  if (shard.is_whole()) return users.count;
  UsernameReader all(users);
  ShardFilter subjects(all, shard);
  std::uint64_t count = 0;
  for (;;) {
    const auto block = subjects.next_block();
    if (!block) return fail(block.error());
    if (block->empty()) return count;
    count += block->size();
  }
}

}  // namespace repopipe
