// Store: whole users into a database on disk, in groups that share a transaction.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "stages/providers/github/github.h"
#include "storage/schema/schema.h"
#include "storage/sqlite/checkpointer.h"
#include "storage/store/run_table.h"
#include "storage/store/sqlite_store.h"
#include "tests/bench/made_up_users.h"

namespace repopipe::bench {
namespace {

constexpr std::uint64_t kStored = 512;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

// A folder in the temporary one, gone with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::filesystem::path path() const { return path_; }

 private:
  std::string path_ = std::filesystem::temp_directory_path() / "repopipe-bench-XXXXXX";
};

class ScratchDatabase {
 public:
  // A store for a run that begins now.
  std::unique_ptr<SqliteStore> begin_run() {
    RunTable run_table(database_, kGithub.resources);
    const auto start = must(run_table.begin({"bench", "0", clock_.wall()}, Unfinished::abandon));
    return must(SqliteStore::open(database_, start.run_id, kGithub.resources, clock_));
  }

 private:
  SystemClock clock_;
  ScratchFolder folder_;
  Database database_ = must(open_database(folder_.path() / "repos.db", kGithub.resources));
  Checkpointer checkpointer_{database_};
};

void write(SqliteStore& store, std::vector<Listing>& listings, std::size_t group) {
  const WallTime now = SystemClock().wall();
  for (Listing& listing : listings) listing.settled_at = now;
  for (std::size_t first = 0; first < listings.size(); first += group) {
    const std::size_t size = std::min(group, listings.size() - first);
    for (const Listing& each : std::span(listings).subspan(first, size)) must(store.add(each));
    if (!store.commit()) std::abort();
  }
}

// Every repository is new.
void store_new(benchmark::State& state) {
  auto listings = made_up_listings(kStored);
  for (auto _ : state) {
    state.PauseTiming();
    {
      ScratchDatabase scratch;
      const auto store = scratch.begin_run();
      state.ResumeTiming();
      write(*store, listings, static_cast<std::size_t>(state.range(0)));
      state.PauseTiming();
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(repositories_of(listings)));
}

// The second run: every repository is in the database and unchanged.
void store_unchanged(benchmark::State& state) {
  auto listings = made_up_listings(kStored);
  ScratchDatabase scratch;
  write(*scratch.begin_run(), listings, kStored);
  for (auto _ : state) {
    state.PauseTiming();
    const auto store = scratch.begin_run();
    state.ResumeTiming();
    write(*store, listings, static_cast<std::size_t>(state.range(0)));
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(repositories_of(listings)));
}

BENCHMARK(store_new)->ArgName("users_a_group")->Arg(1)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK(store_unchanged)
    ->ArgName("users_a_group")
    ->Arg(1)
    ->Arg(32)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace repopipe::bench
