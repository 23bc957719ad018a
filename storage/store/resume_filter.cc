#include "storage/store/resume_filter.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

constexpr std::string_view kWasReached = R"sql(
SELECT 1 FROM run_users WHERE run_id = ?1 AND login = ?2 AND ?3 = 1
UNION ALL SELECT 1 FROM run_listings WHERE run_id = ?1 AND login = ?2 AND resource = ?3)sql";

}  // namespace

LeftOverFirst::LeftOverFirst(SubjectSource& first, SubjectSource& second, Database reader,
                             std::int64_t old_run)
    : first_(first), second_(second), reader_(std::move(reader)), old_run_(old_run) {}

Result<std::vector<Subject>> LeftOverFirst::next_block() {
  for (;;) {
    auto block = is_first_over_ ? second_.next_block() : first_.next_block();
    if (!block) return block;
    if (block->empty() && is_first_over_) return block;
    if (block->empty()) {
      is_first_over_ = true;
      continue;
    }
    if (auto kept = keep(*block, is_first_over_); !kept) return fail(kept.error());
    if (!block->empty()) return block;
  }
}

// Keeps the users that the old run has done, or those that it has not.
Status LeftOverFirst::keep(std::vector<Subject>& block, bool reached) {
  if (!find_) {
    auto find = reader_.prepare(kWasReached);
    if (!find) return fail(find.error());
    find_.emplace(std::move(*find));
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const Rewind rewind(*find_);
    const auto found =
        find_->bind(old_run_, std::string_view(block[i].login), block[i].resource).step();
    if (!found) return fail(found.error());
    if (*found == reached) std::swap(block[kept++], block[i]);
  }
  block.resize(kept);
  return {};
}

namespace {

// A user whose list must be read a second time is not settled: the earlier part did not do it.
constexpr std::string_view kIsSettled = R"sql(
SELECT 1 FROM {log} WHERE run_id = ?1 AND login = ?2{log_condition}
AND NOT EXISTS (SELECT 1 FROM {missing} m
                WHERE m.run_id = ?1 AND m.login = ?2 AND m.confirmed = 0))sql";

// For stays there are no candidates: a list that must be read again is not in the log yet.
constexpr std::string_view kIsStaySettled =
    "SELECT 1 FROM {log} WHERE run_id = ?1 AND login = ?2{log_condition}";

constexpr std::string_view kListing = R"sql(
SELECT user_id, per_page, good_runs,
       iif(empty_since IS NULL, 0, empty_since < (SELECT started_at FROM runs WHERE id = ?2))
FROM listings WHERE login = ?1 AND resource = {resource})sql";

constexpr std::string_view kPages = R"sql(
SELECT page, principal, etag, target, next_target, json_array_length(repo_ids)
FROM pages WHERE login = ?1 AND resource = {resource} ORDER BY page)sql";

constexpr std::string_view kCount =
    "SELECT count(*) FROM {table} WHERE {parent} = ?1 AND gone_since IS NULL";
constexpr std::string_view kCountStays =
    "SELECT count(*) FROM {table} WHERE {parent} = ?1 AND until IS NULL";

constexpr std::string_view kAccounts = R"sql(
SELECT u.login FROM listings l
JOIN {table} m ON m.{parent} = l.user_id AND m.until IS NULL
JOIN users u ON u.id = m.{key}
WHERE l.login = ?1 AND l.resource = {resource} ORDER BY m.{key})sql";

constexpr std::ptrdiff_t kAtATime = 256;

}  // namespace

ResumeFilter::ResumeFilter(SubjectSource& inner, Database reader, std::int64_t run_id,
                           Resources resources)
    : inner_(inner),
      reader_(std::move(reader)),
      run_id_(run_id),
      resources_(columns_of(resources)) {}

Result<std::vector<Subject>> ResumeFilter::next_block() {
  for (;;) {
    auto block = inner_.next_block();
    if (!block || block->empty()) return block;
    std::vector<Subject> accounts;
    if (auto filtered = filter(*block, accounts); !filtered) return fail(filtered.error());
    if (!accounts.empty()) {
      auto expanded = expand(std::move(accounts));
      if (!expanded) return expanded;
      std::ranges::move(*expanded, std::back_inserter(*block));
    }
    if (!block->empty()) return block;
  }
}

Result<std::vector<Subject>> ResumeFilter::expand(std::vector<Subject> subjects) {
  auto mine = inner_.expand(std::move(subjects));
  if (!mine) return mine;
  std::vector<Subject> left;
  for (auto first = mine->begin(); first != mine->end();) {
    const auto end = first + std::min(mine->end() - first, kAtATime);
    std::vector<Subject> block(std::make_move_iterator(first), std::make_move_iterator(end));
    first = end;
    std::vector<Subject> none;  // accounts do not expand
    if (auto filtered = filter(block, none); !filtered) return fail(filtered.error());
    std::ranges::move(block, std::back_inserter(left));
  }
  return left;
}

// One transaction per block needs one lock instead of one per subject.  It must be short: while a
// reader has a transaction open, the write-ahead log cannot restart.
Status ResumeFilter::filter(std::vector<Subject>& block, std::vector<Subject>& accounts) {
  if (auto prepared = prepare(); !prepared) return prepared;
  auto transaction = Transaction::begin(reader_, TransactionKind::read);
  if (!transaction) return fail(transaction.error());
  std::set<std::pair<int, std::string>> names;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!names.emplace(block[i].resource, fold_case(block[i].login)).second) continue;
    const auto queries = queries_for(block[i]);
    if (!queries) return fail(queries.error());
    const auto settled = is_settled(**queries, block[i]);
    if (!settled) return fail(settled.error());
    if (*settled) {
      if (auto added = add_accounts(**queries, block[i], accounts); !added) return added;
      continue;
    }
    if (auto completed = complete(**queries, block[i]); !completed) return completed;
    std::swap(block[kept++], block[i]);
  }
  block.resize(kept);
  return transaction->commit();
}

Result<Subject> ResumeFilter::recall(Subject subject) {
  if (auto prepared = prepare(); !prepared) return fail(prepared.error());
  auto transaction = Transaction::begin(reader_, TransactionKind::read);
  if (!transaction) return fail(transaction.error());
  const auto queries = queries_for(subject);
  if (!queries) return fail(queries.error());
  if (auto completed = complete(**queries, subject); !completed) return fail(completed.error());
  if (auto ended = transaction->commit(); !ended) return fail(ended.error());
  return subject;
}

Status ResumeFilter::prepare() {
  if (!queries_.empty()) return {};
  Preparation prepare(reader_);
  for (const ResourceColumns& columns : resources_) {
    const auto query = [&](std::string_view sql) { return prepare(sql_for(columns, sql)); };
    queries_.emplace(columns.resource,
                     Queries{query(columns.is_stay ? kIsStaySettled : kIsSettled), query(kListing),
                             query(kPages), query(columns.is_stay ? kCountStays : kCount)});
    if (columns.expands) queries_.at(columns.resource).accounts.emplace(query(kAccounts));
  }
  return prepare.status();
}

Result<ResumeFilter::Queries*> ResumeFilter::queries_for(const Subject& subject) {
  const auto queries = queries_.find(subject.resource);
  if (queries != queries_.end()) return &queries->second;
  return fail(FailureKind::internal, subject.login + ": a subject of an unknown resource");
}

Result<bool> ResumeFilter::is_settled(Queries& queries, const Subject& subject) {
  const Rewind rewind(queries.settled);
  return queries.settled.bind(run_id_, std::string_view(subject.login)).step();
}

// An earlier part of the run has read this list of accounts.
Status ResumeFilter::add_accounts(Queries& queries, const Subject& subject,
                                  std::vector<Subject>& accounts) {
  if (!queries.accounts) return {};
  const Rewind rewind(*queries.accounts);
  queries.accounts->bind(std::string_view(subject.login));
  for (;;) {
    const auto row = queries.accounts->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    accounts.push_back({.login = std::string(queries.accounts->text(0))});
  }
}

// For a new login, one query is enough: there are no pages without a listing.
Status ResumeFilter::complete(Queries& queries, Subject& subject) {
  Statement& listing = queries.listing;
  const Rewind rewind(listing);
  const auto known = listing.bind(std::string_view(subject.login), run_id_).step();
  if (!known) return fail(known.error());
  if (!*known) return {};
  if (!listing.is_null(0)) subject.account = listing.integer(0);
  subject.per_page = static_cast<int>(listing.integer(1));
  subject.good_runs = static_cast<int>(listing.integer(2));
  subject.empty_before_run = listing.integer(3) != 0;
  if (auto added = add_pages(queries, subject); !added) return added;
  return count_records(queries, subject);
}

// The count usually comes from the stored pages.
Status ResumeFilter::count_records(Queries& queries, Subject& subject) {
  for (const KnownPage& page : subject.pages) subject.known_records += page.records;
  if (!subject.account || !subject.pages.empty()) return {};
  const Rewind rewind(queries.count);
  const auto counted = queries.count.bind(*subject.account).step();
  if (!counted) return fail(counted.error());
  subject.known_records = static_cast<std::uint64_t>(queries.count.integer(0));
  return {};
}

Status ResumeFilter::add_pages(Queries& queries, Subject& subject) {
  Statement& page = queries.pages;
  const Rewind rewind(page);
  page.bind(std::string_view(subject.login));
  for (int number = 1;; ++number) {
    const auto known = page.step();
    if (!known) return fail(known.error());
    if (!*known || page.integer(0) != number) return {};
    subject.pages.push_back({number, std::string(page.text(1)), std::string(page.text(2)),
                             std::string(page.text(3)), std::string(page.text(4)),
                             static_cast<std::uint64_t>(page.integer(5))});
  }
}

}  // namespace repopipe
