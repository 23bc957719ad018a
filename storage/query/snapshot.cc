#include "storage/query/snapshot.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <optional>
#include <thread>
#include <tuple>

#include "storage/sqlite/inspection_vfs.h"

namespace repopipe {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kTries = 20;
constexpr std::chrono::milliseconds kBetweenTries = 50ms;

// What a writer changes.  While the log has content, its readers need no such check.
struct FileState {
  struct stat file {};
  bool is_there = false;
  bool has_log = false;

  explicit FileState(const fs::path& path)
      : is_there(::stat(path.c_str(), &file) == 0), has_log(repopipe::has_log(path)) {}

  auto values() const {
    return std::tuple(is_there, has_log, file.st_dev, file.st_ino, file.st_size,
                      file.st_mtim.tv_sec, file.st_mtim.tv_nsec, file.st_ctim.tv_sec,
                      file.st_ctim.tv_nsec);
  }
};

Status check_version(Database& database, std::int64_t least) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return fail(version.error());
  if (*version >= least) return {};
  return fail(FailureKind::output,
              fmt::format("{}: has schema version {}, and this needs version {}; the next run or "
                          "merge updates the file",
                          database.path().string(), *version, least));
}

// Nothing: a writer was active; try again.
std::optional<Status> try_once(const fs::path& path, std::int64_t least_version,
                               const std::function<Status(Database&)>& read) {
  const FileState before(path);
  auto database = open_reader(path, Access::inspect);
  if (!database) return fail(database.error());
  Status done = database->execute("PRAGMA temp_store = MEMORY");
  const auto transaction = Transaction::begin(*database, TransactionKind::read);
  if (!transaction) return fail(transaction.error());
  if (done) done = check_version(*database, least_version);
  if (done) done = read(*database);
  const bool is_same = before.has_log || before.values() == FileState(path).values();
  return is_same ? std::optional(done) : std::nullopt;
}

}  // namespace

Status read_snapshot(const fs::path& given, std::int64_t least_version,
                     const std::function<Status(Database&)>& read) {
  const auto path = real_path(given);
  if (!path) return fail(path.error());
  Status last = fail(FailureKind::output,
                     given.string() + ": changes all the time, so that no state of it can be read");
  for (int i = 0; i < kTries; ++i) {
    const auto done = try_once(*path, least_version, read);
    const bool is_final = done && (*done || done->error().kind != FailureKind::database);
    if (is_final) return *done;
    if (done) last = *done;  // the log may just have been created or removed
    std::this_thread::sleep_for(kBetweenTries);
  }
  return last;
}

}  // namespace repopipe
