#include "tests/pipeline/job/job_fixture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdlib.h>

#include <fstream>

#include "pipeline/job/job_keys.h"

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

namespace {

std::string told(const TransformStep& step) {
  return fmt::format("{}({})", step.name, fmt::join(step.columns, ","));
}

// The value of a key in a job.
struct ValueOf {
  std::string operator()(const WholeForm& form) const { return std::to_string(form.field(job)); }
  std::string operator()(const DurationForm& form) const {
    return fmt::format("{} ms", form.field(job).count());
  }
  std::string operator()(const SizeForm& form) const {
    return std::to_string(form.field(job).count);
  }
  std::string operator()(const RatioForm& form) const { return fmt::format("{}", form.field(job)); }
  std::string operator()(const TextForm& form) const { return form.field(job); }
  std::string operator()(const CommandForm& form) const { return form.field(job); }
  std::string operator()(const PingUrlForm&) const { return job.ping.url; }
  std::string operator()(const UrlForm& form) const { return form.field(job); }
  std::string operator()(const PathForm& form) const { return form.field(job).string(); }
  std::string operator()(const CertificatesForm& form) const {
    return form.field(job).value_or("none").string();
  }
  std::string operator()(const ChoiceForm& form) const {
    if (path == "provider.kind") return job.provider.kind;
    if (path == "fetch.engine") return word(form, job.fetch.engine);
    if (path == "log.format") return word(form, job.log.format);
    if (path == "store.access") return word(form, job.store.access);
    if (path == "run.on_overlap") return word(form, job.run.on_overlap);
    ADD_FAILURE() << "job_fixture.cc cannot read " << path;
    return {};
  }
  std::string operator()(const UsernamesForm&) const {
    return fmt::format("{}", fmt::join(job.source.usernames, " "));
  }
  std::string operator()(const UsernamesFileForm&) const {
    return job.source.usernames_file.value_or("none").string();
  }
  std::string operator()(const TokensForm&) const {
    return fmt::format("{}", fmt::join(job.provider.tokens, " "));
  }
  std::string operator()(const TransformsForm&) const {
    std::string steps;
    for (const TransformStep& step : job.transforms) steps += told(step) + " ";
    return steps;
  }
  std::string operator()(const QueueForm&) const { return job.execution.queue; }

  template <class Choice>
  static std::string word(const ChoiceForm& form, Choice choice) {
    return std::string(form.words[static_cast<std::size_t>(choice)]);
  }

  std::string_view path;
  Job& job;
};

}  // namespace

std::string told(Job job) {
  std::string text;
  for (const JobKey& key : job_keys()) {
    text += fmt::format("{} {}\n", key.path, std::visit(ValueOf{key.path, job}, key.form));
  }
  return text;
}

}  // namespace repopipe
