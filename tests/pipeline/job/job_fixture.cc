#include "tests/pipeline/job/job_fixture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdlib.h>

#include <fstream>

namespace repopipe {

JobTest::JobTest() {
  std::string name = (std::filesystem::temp_directory_path() / "job-test-XXXXXX").string();
  folder = ::mkdtemp(name.data());
  variables["TMPDIR"] = folder;
}

JobTest::~JobTest() {
  std::filesystem::remove_all(folder);
}

std::filesystem::path JobTest::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path path = folder / name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

LoadedJob JobTest::load(const std::string& name, const std::vector<std::string>& overrides) const {
  const auto variable = [this](const std::string& key) -> std::optional<std::string> {
    const auto found = variables.find(key);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  return load_job(folder / name, overrides, {variable, standard_input});
}

std::vector<std::string> JobTest::diagnostics_of(const std::string& name, std::string_view text,
                                                 const std::vector<std::string>& overrides) const {
  write(name, text);
  std::vector<std::string> lines = shown(load(name, overrides).diagnostics);
  const std::string prefix = folder.string() + "/";
  for (std::string& line : lines) {
    for (auto at = line.find(prefix); at != line.npos; at = line.find(prefix)) {
      line.erase(at, prefix.size());
    }
  }
  return lines;
}

std::vector<std::string> shown(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : diagnostics) lines.push_back(diagnostic.show());
  return lines;
}

std::vector<std::string> logins_of(const UserList& users) {
  UsernameReader reader(users);
  std::vector<std::string> logins;
  while (true) {
    const auto block = reader.next_block();
    if (!block) {
      ADD_FAILURE() << block.error().message;
      return logins;
    }
    if (block->empty()) return logins;
    for (const Subject& key : *block) logins.push_back(key.login);
  }
}

std::string told(const Job& job) {
  const auto path = [](const std::optional<std::filesystem::path>& file) {
    return file ? file->string() : "none";
  };
  std::vector<std::string> steps;
  for (const TransformStep& step : job.transforms) {
    steps.push_back(fmt::format("{}({})", step.name, fmt::join(step.columns, ",")));
  }
  return fmt::format(
      "name {}\nusernames {}\nusernames_file {}\nkind {}\nbase_url {}\ntokens {}\nca_file {}\n"
      "per_page {}\nengine {}\nconcurrency {}\ntimeout {}\nattempts {}\nbackoff {}\nmax_body {}\n"
      "parse {}\ndatabase {}\nprocesses {}\nqueue {}\nconcurrent {}\nrequests {}\nseconds {}\n"
      "reserve {}\ndeadline {}\nmax_wait {}\nfail_ratio {}\non_overlap {}\ntransforms {}\n",
      job.name, fmt::join(job.source.usernames, " "), path(job.source.usernames_file),
      job.provider.kind, job.provider.base_url, fmt::join(job.provider.tokens, " "),
      path(job.provider.ca_file), job.provider.per_page, static_cast<int>(job.fetch.engine),
      job.fetch.concurrency, job.fetch.timeout.count(), job.fetch.attempts,
      job.fetch.backoff.count(), job.fetch.max_body.count, job.parse.concurrency,
      job.store.database.string(), job.execution.processes,
      job.execution.queue.empty() ? "none" : job.execution.queue, job.limits.concurrent,
      job.limits.requests_per_minute, job.limits.response_seconds_per_minute, job.limits.reserve,
      job.run.deadline.count(), job.run.max_wait.count(), job.run.fail_ratio,
      static_cast<int>(job.run.on_overlap), fmt::join(steps, " "));
}

}  // namespace repopipe
