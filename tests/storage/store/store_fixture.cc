#include "tests/storage/store/store_fixture.h"

#include <algorithm>
#include <utility>

namespace repopipe {
namespace {

void add(RecordBatch& batch, const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return batch.add_integer(*number);
  if (const auto* text = std::get_if<std::string>(&cell)) return batch.add_text(*text);
  batch.add_null();
}

Cell cell_of(const Owner& owner, const Repo& repo, std::string_view column) {
  if (const auto found = repo.set.find(column); found != repo.set.end()) return found->second;
  if (column == "id") return repo.id;
  if (column == "name") return repo.name;
  if (column == "full_name") return owner.login + "/" + repo.name;
  if (column == "owner_id") return owner.id;
  if (column == "owner_login") return owner.login;
  if (column == "owner_type") return "User";
  return std::monostate{};
}

}  // namespace

WallTime on_day(int day, int milliseconds) {
  using namespace std::chrono;
  return sys_days(year(2026) / November / 1) + days(day) + std::chrono::milliseconds(milliseconds);
}

Page page_of(const Owner& owner, const std::vector<Repo>& repos, int number) {
  Page page{.number = number, .rows = RecordBatch(test_fields())};
  for (const Repo& repo : repos) {
    for (const Field& field : test_fields()) add(page.rows, cell_of(owner, repo, field.column));
  }
  return page;
}

Listing listing(const Owner& owner, WallTime at, const std::vector<Repo>& repos) {
  Listing result = bare(owner.login, at, Outcome::ok);
  result.pages.push_back(page_of(owner, repos));
  return result;
}

Page read_page(const Owner& owner, const std::vector<Repo>& repos, int number, int last) {
  Page page = page_of(owner, repos, number);
  const std::string target = "/users/" + owner.login + "/repos?page=";
  page.validator = {"tok", "\"" + owner.login + std::to_string(number) + "\"",
                    target + std::to_string(number),
                    number < last ? target + std::to_string(number + 1) : ""};
  return page;
}

Page not_modified_page(std::uint64_t repos, int number) {
  Page page;
  page.number = number;
  page.state = PageState::not_modified;
  page.not_modified_records = repos;
  return page;
}

Listing of_pages(std::string login, WallTime at, std::vector<Page> pages) {
  Listing result = bare(std::move(login), at, Outcome::ok);
  const bool read =
      std::ranges::any_of(pages, [](const Page& page) { return page.state == PageState::read; });
  if (!read) result.outcome = Outcome::unchanged;
  result.pages = std::move(pages);
  return result;
}

Listing bare(std::string login, WallTime at, Outcome outcome, std::string error) {
  Listing result;
  result.login = std::move(login);
  result.outcome = outcome;
  result.error = std::move(error);
  result.settled_at = at;
  return result;
}

Listing gone_account(std::string login, WallTime at, std::int64_t account) {
  Listing result = bare(std::move(login), at, Outcome::not_found);
  result.proven_gone = account;
  return result;
}

RequestLog request_log(int attempt, std::uint64_t bytes) {
  RequestLog result;
  result.attempt = attempt;
  result.bytes = bytes;
  return result;
}

std::vector<std::string> rows(Database& database, std::string_view sql) {
  std::vector<std::string> all;
  auto statement = database.prepare(sql);
  if (!statement) return {statement.error().message};
  for (;;) {
    const auto row = statement->step();
    if (!row) return {row.error().message};
    if (!*row) return all;
    std::string text;
    for (int column = 0; column < statement->columns(); ++column) {
      if (column > 0) text += "|";
      text += statement->is_null(column) ? "NULL" : std::string(statement->text(column));
    }
    all.push_back(text);
  }
}

std::vector<std::string> dump_of(Database& database) {
  std::vector<std::string> all;
  for (const char* sql :
       {"SELECT * FROM users ORDER BY id", "SELECT * FROM repos ORDER BY id",
        "SELECT * FROM repo_topics ORDER BY 1, 2", "SELECT * FROM repo_stats ORDER BY 1, 2",
        "SELECT * FROM repo_changes ORDER BY 1, 2, 3",
        "SELECT run_id, login, outcome, user_id, settled_at, repos, repos_new, repos_changed, "
        "repos_gone, skipped, pages, requests, attempts, bytes, error, renamed_to, lost_user_id "
        "FROM run_users ORDER BY 1, 2",
        "SELECT * FROM listings ORDER BY 1", "SELECT * FROM pages ORDER BY 1, 2",
        "SELECT * FROM user_renames ORDER BY 1, 2",
        "SELECT login, page, attempt, started_at, status, outcome, resource FROM requests ORDER BY "
        "1, 2, 3",
        "SELECT id, job, status, started_at, finished_at, exit_code, error, job_digest, users_ok, "
        "users_unchanged, users_not_found, users_renamed, users_blocked, users_failed, repos_seen, "
        "repos_new, repos_changed, repos_gone, requests, requests_unchanged, bytes FROM runs "
        "ORDER BY id"}) {
    all.push_back(sql);
    for (const std::string& row : rows(database, sql)) all.push_back(row);
  }
  return all;
}

StoreTest::StoreTest(Resources resources) : resources_(resources), fields_(test_fields()) {
  start_over();
}

void StoreTest::start_over() {
  ++databases_;
  auto opened = open_database(database_path(), resources_);
  if (opened) {
    database_ = std::move(*opened);
  } else {
    ADD_FAILURE() << opened.error().message;
  }
}

std::filesystem::path StoreTest::database_path() const {
  return folder_.path() / ("repos-" + std::to_string(databases_) + ".db");
}

void StoreTest::TearDown() {
  EXPECT_EQ(query("PRAGMA integrity_check"), std::vector<std::string>{"ok"});
  EXPECT_EQ(query("PRAGMA foreign_key_check"), std::vector<std::string>{});
  // One interval is open for each repository that is there, and none for one that is gone.
  EXPECT_EQ(query("SELECT r.id FROM repos r WHERE (r.gone_since IS NULL) <> (SELECT count(*) FROM "
                  "repo_stats s WHERE s.repo_id = r.id AND s.valid_to IS NULL)"),
            std::vector<std::string>{});
}

std::int64_t StoreTest::begin(int day) {
  const auto start = RunTable(*database_, resources_)
                         .begin({"nightly", "0.1.0", on_day(day)}, Unfinished::abandon);
  if (!start) ADD_FAILURE() << start.error().message;
  day_ = day;
  run_id_ = start ? start->run_id : 0;
  return run_id_;
}

void StoreTest::finish(RunStatus status, Marks marks) {
  const RunEnd end{status, ExitCode::complete, "", {}};
  const auto done = RunTable(*database_, resources_)
                        .finish(run_id_, end, marks, on_day(day_) + std::chrono::hours(1));
  EXPECT_TRUE(done) << done.error().message;
}

Result<std::vector<Stored>> write_group(Store& store, std::span<const Listing> listings) {
  std::vector<Stored> all;
  for (const Listing& listing : listings) {
    auto stored = store.add(listing);
    if (!stored) return fail(stored.error());
    all.push_back(std::move(*stored));
  }
  if (auto committed = store.commit(); !committed) return fail(committed.error());
  return all;
}

Result<std::vector<Stored>> StoreTest::write(const std::vector<Listing>& listings) {
  auto store = SqliteStore::open(*database_, run_id_, resources_, clock_);
  if (!store) return fail(store.error());
  return write_group(**store, listings);
}

void StoreTest::run(int day, const std::vector<Listing>& listings) {
  begin(day);
  for (const Listing& one : listings) {
    const auto written = write({one});
    EXPECT_TRUE(written) << written.error().message;
  }
  finish();
}

}  // namespace repopipe
