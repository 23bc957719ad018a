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
  const std::size_t inline_end = std::min(next_inline_ + kBlock, users_.inline_logins.size());
  while (next_inline_ < inline_end) block.push_back({users_.inline_logins[next_inline_++]});
  while (users_.file.is_open() && block.size() < kBlock) {
    const Result<ListEntry> entry = lines_.next();
    if (!entry) return fail(entry.error().within(users_.file_name));
    if (entry->text.empty()) break;
    if (const auto complaint = complaint_about_login(entry->text, users_.rule)) {
      return fail(FailureKind::job, fmt::format("{}:{}:{}: {}", users_.file_name, entry->at.line,
                                                entry->at.column, *complaint));
    }
    block.push_back({std::string(entry->text)});
  }
  return block;
}

Result<std::vector<Subject>> ShardFilter::next_block() {
  for (;;) {
    auto block = inner_.next_block();
    if (!block || block->empty()) return block;
    std::erase_if(*block, [this](const Subject& subject) { return !shard_.holds(subject.login); });
    if (!block->empty()) return block;
  }
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
