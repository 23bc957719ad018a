#include "storage/store/listing_writer.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "pipeline/base/text.h"

namespace repopipe {
namespace {

// ?1 id, then the stored fields, then the time and the run.
std::string insert_sql(const ResourceColumns& columns) {
  const std::size_t count = columns.kept.size();
  std::string sql = "INSERT INTO {table} ({key}, " +
                    joined(columns.fields, columns.kept, column_of) +
                    ", first_seen_at, last_seen_at, first_seen_run) VALUES (?";
  for (std::size_t i = 0; i < count; ++i) sql += ", ?";
  const std::string now = "?" + std::to_string(count + 2);
  return sql_for(columns, sql + ", " + now + ", " + now + ", ?) ON CONFLICT ({key}) DO NOTHING");
}

// The index returns it sorted.
constexpr std::string_view kPresentOf =
    "SELECT {key} FROM {table} WHERE {parent} = ?1 AND gone_since IS NULL ORDER BY {key}";
constexpr std::string_view kGoneOf =
    "SELECT {key} FROM {table} WHERE {parent} = ?1 AND gone_since > ''";

Status read_numbers(Statement& statement, std::vector<std::int64_t>& numbers) {
  const Rewind rewind(statement);
  for (;;) {
    const auto row = statement.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    numbers.push_back(statement.integer(0));
  }
}

}  // namespace

ListingWriter::ListingWriter(Preparation& prepare, std::int64_t run_id, const RunInterval& span,
                             const ResourceColumns& columns, Accounts& accounts)
    : run_id_(run_id),
      columns_(columns),
      accounts_(accounts),
      history_(prepare, run_id, columns),
      updater_(prepare, span, columns, history_),
      present_of_(prepare(sql_for(columns, kPresentOf))),
      gone_of_(prepare(sql_for(columns, kGoneOf))),
      insert_(prepare(insert_sql(columns))),
      bound_(columns.kept.size()) {}

Result<Applied> ListingWriter::apply(const Listing& listing, const NotModifiedPages& unchanged,
                                     std::string_view now) {
  now_ = now;
  applied_ = {};
  Status done = gather(listing);
  if (done) count(unchanged);
  if (done) done = resolve_account(listing, unchanged);
  if (done) done = load_present();
  for (std::size_t i = 0; done && i < items_.size(); ++i) done = write(items_[i]);
  if (done) done = restore(unchanged);
  if (!done) return fail(done.error());
  return std::move(applied_);
}

Status ListingWriter::gather(const Listing& listing) {
  items_.clear();
  for (const Page& page : listing.pages) {
    for (std::size_t row = 0; row < page.rows.rows(); ++row) {
      const RowView view{&page.rows, row};
      const CellView id = view[columns_.id];
      const CellView owner = view[columns_.account_id];
      if (!std::holds_alternative<std::int64_t>(id) ||
          !std::holds_alternative<std::int64_t>(owner) ||
          !std::holds_alternative<std::string_view>(view[columns_.account_login])) {
        return fail(FailureKind::internal, "a row lacks its id or its owner's id or login");
      }
      items_.push_back({std::get<std::int64_t>(id), view});
    }
  }
  // The pages are in order in one vector: of two equal records, that of the first page remains.
  std::ranges::sort(items_, [](const Item& left, const Item& right) {
    return std::tie(left.id, left.row.batch, left.row.row) <
           std::tie(right.id, right.row.batch, right.row.row);
  });
  const auto same = [](const Item& left, const Item& right) { return left.id == right.id; };
  items_.erase(std::unique(items_.begin(), items_.end(), same), items_.end());
  return {};
}

void ListingWriter::count(const NotModifiedPages& unchanged) {
  const auto is_row = [this](std::int64_t record) { return has_item(record); };
  const auto both = std::ranges::count_if(unchanged.records, is_row);
  applied_.seen =
      items_.size() + unchanged.records.size() + unchanged.unknown - static_cast<std::size_t>(both);
}

bool ListingWriter::has_item(std::int64_t record) const {
  const auto found = std::ranges::lower_bound(items_, record, {}, &Item::id);
  return found != items_.end() && found->id == record;
}

// Finds the account of the list: the one with that login or, if the login was redirected after a
// rename, the one that all rows have in common.  Without such rows, unchanged pages and redirects
// show that it is the same account as before.  An empty list has no account of its own: it counts
// for the account that had the login last, if that is not gone, and does not update its times.
Status ListingWriter::resolve_account(const Listing& listing, const NotModifiedPages& unchanged) {
  if (!items_.empty()) return see_owners(listing.login);
  if (!unchanged.account || has_left(listing, *unchanged.account)) return {};
  if (!unchanged.records.empty() || unchanged.unknown > 0 || listing.moved) {
    applied_.account = unchanged.account;
    return accounts_.seen_again(*unchanged.account, now_);
  }
  const auto same = accounts_.is_known_as(*unchanged.account, listing.login);
  if (!same) return fail(same.error());
  if (*same) applied_.account = unchanged.account;
  return {};
}

// The account was requested by its id: it no longer has the login.
bool ListingWriter::has_left(const Listing& listing, std::int64_t account) {
  const auto& renamed = listing.renamed_account;
  return listing.proven_gone == account || (renamed && renamed->id == account);
}

Status ListingWriter::see_owners(std::string_view login) {
  std::optional<std::int64_t> owner;
  bool named = false;
  bool several = false;
  for (const Item& item : items_) {
    const auto next = std::get<std::int64_t>(item.row[columns_.account_id]);
    if (owner == next) continue;
    several = several || owner.has_value();
    owner = next;
    if (auto seen = see(next, item.row); !seen) return seen;
    const auto name = std::get<std::string_view>(item.row[columns_.account_login]);
    if (named || (several && !equal_ignoring_case(name, login))) continue;
    named = equal_ignoring_case(name, login);
    applied_.account = owner;
    applied_.account_login = name;
  }
  if (!several || named) return {};
  applied_.account.reset();
  applied_.account_login.clear();
  return {};
}

Status ListingWriter::see(std::int64_t owner, const RowView& row) {
  const auto& kind = columns_.account_kind;
  const auto login = std::get<std::string_view>(row[columns_.account_login]);
  return accounts_.seen(owner, login, kind ? row[*kind] : CellView{}, now_);
}

Status ListingWriter::load_present() {
  present_.clear();
  if (!applied_.account) return {};
  return read_numbers(present_of_.bind(*applied_.account), present_);
}

Result<std::vector<std::int64_t>> ListingWriter::gone_of(std::int64_t account) {
  std::vector<std::int64_t> records;
  if (auto read = read_numbers(gone_of_.bind(account), records); !read) return fail(read.error());
  return records;
}

Status ListingWriter::write(const Item& item) {
  if (!std::ranges::binary_search(present_, item.id)) {
    const auto inserted = insert(item);
    if (!inserted) return fail(inserted.error());
    if (*inserted) {
      ++applied_.added;
      return history_.begin(item.id, item.row, now_);
    }
  }
  // The account had the record, another account has it, or it was gone.
  const auto changed = updater_.update(item.id, item.row, now_);
  if (!changed) return fail(changed.error());
  applied_.changed += *changed ? 1 : 0;
  return {};
}

// False: the record exists already.
Result<bool> ListingWriter::insert(const Item& item) {
  insert_.bind(item.id);
  int index = 1;
  for (std::size_t i = 0; i < columns_.kept.size(); ++i) {
    const CellView cell = item.row[columns_.kept[i]];
    // A parameter keeps its value: most flags, numbers and NULLs equal those of the previous row.
    const bool is_text = std::holds_alternative<std::string_view>(cell);
    if (++index; !is_text && bound_[i] == cell) continue;
    insert_.set(index, cell);
    bound_[i] = is_text ? std::nullopt : std::optional(cell);
  }
  insert_.set(++index, now_);
  insert_.set(++index, run_id_);
  if (auto done = insert_.run(); !done) return fail(done.error());
  return insert_.rows_written() > 0;
}

Status ListingWriter::restore(const NotModifiedPages& unchanged) {
  if (unchanged.records.empty() || !applied_.account) return {};
  const auto back = bring_back(*applied_.account, unchanged.records, now_);
  if (!back) return fail(back.error());
  applied_.changed += *back;
  return {};
}

Result<std::uint64_t> ListingWriter::bring_back(std::int64_t account,
                                                const std::vector<std::int64_t>& unchanged,
                                                std::string_view now) {
  const auto gone = gone_of(account);
  if (!gone) return fail(gone.error());
  std::uint64_t changed = 0;
  for (const std::int64_t record : *gone) {
    if (!std::ranges::binary_search(unchanged, record)) continue;
    if (auto back = updater_.reappear(record, now); !back) return fail(back.error());
    ++changed;
  }
  return changed;
}

// None if the list may be incomplete, or if a page or record of it is unknown.
const std::vector<std::int64_t>& ListingWriter::missing(const Listing& listing,
                                                        const NotModifiedPages& unchanged) {
  missing_.clear();
  const auto is_unnamed = [](const Page& page) { return page.unnamed_skips > 0; };
  const bool tells = unchanged.whole && listing.incomplete.empty() &&
                     listing.outcome == Outcome::ok &&
                     std::ranges::none_of(listing.pages, is_unnamed);
  if (!tells) return missing_;
  const auto is_in = [](const std::vector<std::int64_t>& ids, std::int64_t record) {
    return std::ranges::find(ids, record) != ids.end();
  };
  const auto is_not_stored = [&](std::int64_t record) {
    return std::ranges::any_of(listing.pages, [&](const Page& page) {
      return is_in(page.skipped_ids, record) || is_in(page.dropped_ids, record);
    });
  };
  for (const std::int64_t record : present_) {
    if (has_item(record) || std::ranges::binary_search(unchanged.records, record)) continue;
    if (!is_not_stored(record)) missing_.push_back(record);
  }
  return missing_;
}

}  // namespace repopipe
