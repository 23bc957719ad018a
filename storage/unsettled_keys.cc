#include "storage/unsettled_keys.h"

#include <string>
#include <utility>

#include "pipeline/core/text.h"

namespace repopipe {

UnsettledKeys::UnsettledKeys(KeySource& inner, Database reader, std::int64_t run_id)
    : inner_(inner), reader_(std::move(reader)), run_id_(run_id) {}

Result<std::vector<Key>> UnsettledKeys::next_block() {
  for (;;) {
    auto block = inner_.next_block();
    if (!block || block->empty()) return block;
    if (auto filtered = filter(*block); !filtered) return fail(filtered.error());
    if (!block->empty()) return block;
  }
}

// One transaction for the block spares a lock for each key, and it is short: a reader that stays
// in one keeps the write-ahead log from starting over.
Status UnsettledKeys::filter(std::vector<Key>& block) {
  auto transaction = Transaction::begin(reader_, TransactionKind::read);
  if (!transaction) return fail(transaction.error());
  std::unordered_set<std::string> names;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!names.insert(fold_case(block[i].login)).second) continue;
    const auto settled = is_settled(block[i]);
    if (!settled) return fail(settled.error());
    if (!*settled) std::swap(block[kept++], block[i]);
  }
  block.resize(kept);
  return transaction->commit();
}

Result<bool> UnsettledKeys::is_settled(const Key& key) {
  if (!find_) {
    auto prepared = reader_.prepare("SELECT 1 FROM run_users WHERE run_id = ?1 AND login = ?2");
    if (!prepared) return fail(prepared.error());
    find_ = std::move(*prepared);
  }
  const Rewind rewind(*find_);
  return find_->bind(run_id_, std::string_view(key.login)).step();
}

}  // namespace repopipe
