#include "storage/repo_writer.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "pipeline/core/text.h"

namespace repopipe {
namespace {

std::string column_of(const Field& field) {
  return quoted(field.column);
}

// ?1 id, then the kept fields, then the moment and the run.
std::string insert_sql(const RepoColumns& columns) {
  const std::size_t count = columns.kept.size();
  std::string sql = "INSERT INTO repos (id, " + joined(columns.fields, columns.kept, column_of) +
                    ", first_seen_at, last_seen_at, first_seen_run) VALUES (?";
  for (std::size_t i = 0; i < count; ++i) sql += ", ?";
  const std::string now = "?" + std::to_string(count + 2);
  return sql + ", " + now + ", " + now + ", ?) ON CONFLICT (id) DO NOTHING";
}

// Comes sorted, straight from the index.
constexpr std::string_view kPresentOf =
    "SELECT id FROM repos WHERE owner_id = ?1 AND gone_since IS NULL ORDER BY id";

}  // namespace

RepoWriter::RepoWriter(Preparation& prepare, std::int64_t run_id, std::string run_started,
                       const RepoColumns& columns)
    : run_id_(run_id),
      columns_(columns),
      accounts_(prepare, run_id),
      history_(prepare, run_id, columns),
      updater_(prepare, std::move(run_started), columns, history_),
      present_of_(prepare(kPresentOf)),
      insert_(prepare(insert_sql(columns))) {}

Result<Applied> RepoWriter::apply(const Listing& listing, std::string_view now) {
  now_ = now;
  applied_ = {};
  Status done = gather(listing);
  if (done) done = resolve_account(listing.login);
  if (done) done = load_present();
  for (std::size_t i = 0; done && i < items_.size(); ++i) done = write(items_[i]);
  if (done) done = mark_gone();
  if (!done) return fail(done.error());
  return applied_;
}

Status RepoWriter::gather(const Listing& listing) {
  items_.clear();
  for (const Page& page : listing.pages) {
    for (std::size_t row = 0; row < page.rows.rows(); ++row) {
      const RowView view{&page.rows, row};
      const CellView id = view[columns_.id];
      const CellView owner = view[columns_.owner_id];
      if (!std::holds_alternative<std::int64_t>(id) ||
          !std::holds_alternative<std::int64_t>(owner) ||
          !std::holds_alternative<std::string_view>(view[columns_.owner_login])) {
        return fail(FailureKind::internal, "a row lacks its id or its owner's id or login");
      }
      items_.push_back({std::get<std::int64_t>(id), view});
    }
  }
  // Pages lie in order in one vector: of two alike the first page comes first, and stays.
  std::ranges::sort(items_, [](const Item& left, const Item& right) {
    return std::tie(left.id, left.row.batch, left.row.row) <
           std::tie(right.id, right.row.batch, right.row.row);
  });
  const auto same = [](const Item& left, const Item& right) { return left.id == right.id; };
  items_.erase(std::unique(items_.begin(), items_.end(), same), items_.end());
  applied_.seen = items_.size();
  return {};
}

// The account whose list it is: the one with that login; or, when the login was redirected after a
// rename, the one that all rows agree on.
Status RepoWriter::resolve_account(std::string_view login) {
  if (!items_.empty()) return see_owners(login);
  auto known = accounts_.find(login);
  if (!known) return fail(known.error());
  applied_.account = *known;
  return *known ? accounts_.seen_again(**known, now_) : Status{};
}

Status RepoWriter::see_owners(std::string_view login) {
  std::optional<std::int64_t> owner;
  bool named = false;
  bool several = false;
  for (const Item& item : items_) {
    const auto next = std::get<std::int64_t>(item.row[columns_.owner_id]);
    if (owner == next) continue;
    several = several || owner.has_value();
    owner = next;
    if (auto seen = see(next, item.row); !seen) return seen;
    const CellView name = item.row[columns_.owner_login];
    if (named || !equal_ignoring_case(std::get<std::string_view>(name), login)) continue;
    named = true;
    applied_.account = owner;
  }
  if (!several) applied_.account = owner;
  return {};
}

Status RepoWriter::see(std::int64_t owner, const RowView& row) {
  const auto& kind = columns_.owner_kind;
  return accounts_.seen(owner, row[columns_.owner_login], kind ? row[*kind] : CellView{}, now_);
}

Status RepoWriter::load_present() {
  present_.clear();
  if (!applied_.account) return {};
  const Rewind rewind(present_of_);
  present_of_.bind(*applied_.account);
  for (;;) {
    const auto row = present_of_.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    present_.push_back(present_of_.integer(0));
  }
}

Status RepoWriter::write(const Item& item) {
  if (!std::ranges::binary_search(present_, item.id)) {
    const auto inserted = insert(item);
    if (!inserted) return fail(inserted.error());
    if (*inserted) {
      ++applied_.added;
      return history_.begin(item.id, item.row, now_);
    }
  }
  // The account had it, or another account has, or it was gone until now.
  const auto changed = updater_.update(item.id, item.row, now_);
  if (!changed) return fail(changed.error());
  applied_.changed += *changed ? 1 : 0;
  return {};
}

// False: it is known already.
Result<bool> RepoWriter::insert(const Item& item) {
  insert_.bind(item.id);
  int index = 1;
  for (const std::size_t field : columns_.kept) insert_.set(++index, item.row[field]);
  insert_.set(++index, now_);
  insert_.set(++index, run_id_);
  if (auto done = insert_.run(); !done) return fail(done.error());
  return insert_.rows_written() > 0;
}

Status RepoWriter::mark_gone() {
  auto item = items_.begin();
  for (const std::int64_t repo : present_) {
    while (item != items_.end() && item->id < repo) ++item;
    if (item != items_.end() && item->id == repo) continue;
    if (auto gone = updater_.mark_gone(repo, now_); !gone) return gone;
    ++applied_.gone;
  }
  return {};
}

}  // namespace repopipe
