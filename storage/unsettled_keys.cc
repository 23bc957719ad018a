#include "storage/unsettled_keys.h"

#include <string>
#include <utility>

#include "pipeline/core/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kIsSettled = "SELECT 1 FROM run_users WHERE run_id = ?1 AND login = ?2";

constexpr std::string_view kListing = "SELECT user_id, per_page FROM listings WHERE login = ?1";

constexpr std::string_view kPages = R"sql(
SELECT page, principal, etag, target, next_target, json_array_length(repo_ids)
FROM pages WHERE login = ?1 ORDER BY page)sql";

}  // namespace

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
  if (auto prepared = prepare(); !prepared) return prepared;
  auto transaction = Transaction::begin(reader_, TransactionKind::read);
  if (!transaction) return fail(transaction.error());
  std::unordered_set<std::string> names;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!names.insert(fold_case(block[i].login)).second) continue;
    const auto settled = is_settled(block[i]);
    if (!settled) return fail(settled.error());
    if (*settled) continue;
    if (auto recalled = recall(block[i]); !recalled) return recalled;
    std::swap(block[kept++], block[i]);
  }
  block.resize(kept);
  return transaction->commit();
}

Status UnsettledKeys::prepare() {
  if (queries_) return {};
  Preparation prepare(reader_);
  queries_ = Queries{prepare(kIsSettled), prepare(kListing), prepare(kPages)};
  return prepare.status();
}

Result<bool> UnsettledKeys::is_settled(const Key& key) {
  const Rewind rewind(queries_->settled);
  return queries_->settled.bind(run_id_, std::string_view(key.login)).step();
}

// A login that is new costs one look; there are no pages without their listing.
Status UnsettledKeys::recall(Key& key) {
  Statement& listing = queries_->listing;
  const Rewind rewind(listing);
  const auto known = listing.bind(std::string_view(key.login)).step();
  if (!known) return fail(known.error());
  if (!*known) return {};
  if (!listing.is_null(0)) key.account = listing.integer(0);
  key.per_page = static_cast<int>(listing.integer(1));
  return recall_pages(key);
}

Status UnsettledKeys::recall_pages(Key& key) {
  Statement& page = queries_->pages;
  const Rewind rewind(page);
  page.bind(std::string_view(key.login));
  for (int number = 1;; ++number) {
    const auto known = page.step();
    if (!known) return fail(known.error());
    if (!*known || page.integer(0) != number) return {};
    key.pages.push_back({number, std::string(page.text(1)), std::string(page.text(2)),
                         std::string(page.text(3)), std::string(page.text(4)),
                         static_cast<std::uint64_t>(page.integer(5))});
  }
}

}  // namespace repopipe
