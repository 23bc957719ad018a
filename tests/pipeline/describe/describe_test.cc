// The texts about the job file: `explain`, `init`, `check --effective`, and the completions.
#include <fmt/format.h>
#include <stdio.h>

#include <fstream>

#include "pipeline/describe/check_report.h"
#include "pipeline/describe/commands.h"
#include "pipeline/describe/explain.h"
#include "pipeline/describe/program.h"
#include "pipeline/describe/sample_job.h"
#include "pipeline/job/job_keys.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Describe = JobTest;

TEST_F(Describe, DefaultsAreThoseOfAJobForEachProvider) {
  for (const Provider* provider : providers()) {
    std::string text = "source: {usernames: [octocat]}\n";
    std::string section;
    for (const JobKey& key : job_keys()) {
      const std::string value = default_of(key, *provider);
      const std::size_t dot = key.path.find('.');
      if (!has_fixed_default(key) || value.empty() || key.path == "provider.kind") continue;
      if (key.path.starts_with("source.")) continue;
      if (dot == key.path.npos) {
        text += fmt::format("{}: {}\n", key.path, value);
        continue;
      }
      const std::string home(key.path.substr(0, dot));
      if (home != section) text += home + ":\n";
      if (home == "provider" && home != section) {
        text += fmt::format("  kind: {}\n", provider->kind);
        if (provider->default_url.empty()) text += "  base_url: https://example.com\n";
      }
      section = home;
      text += fmt::format("  {}: {}\n", key.path.substr(dot + 1), value);
    }
    const std::string url =
        provider->default_url.empty() ? ", base_url: \"https://example.com\"" : "";
    write("job.yaml", text);
    const LoadedJob written = load("job.yaml");
    EXPECT_THAT(shown(written.diagnostics), IsEmpty());
    write("job.yaml", fmt::format("source: {{usernames: [octocat]}}\nprovider: {{kind: {}{}}}\n",
                                  provider->kind, url));
    EXPECT_EQ(told(written.job), told(load("job.yaml").job)) << provider->kind;
  }
}

TEST_F(Describe, AKeyHasItsValuesDefaultsAndAnExample) {
  EXPECT_EQ(explain_key(*find_key("provider.per_page")),
            "provider.per_page\n  Repositories per request.\n\n"
            "  takes    a whole number from 1 to 100\n  default  100; 50 for gitea\n"
            "  example  provider: {per_page: 100}\n");
  for (const JobKey& key : job_keys()) {
    EXPECT_THAT(explain_keys({}),
                HasSubstr(fmt::format("\n{} ", key.path).substr(key.path == "name")));
  }
  EXPECT_THAT(explain_keys("fetch"), Not(HasSubstr("run.deadline")));
}

TEST_F(Describe, ASampleIsAValidJob) {
  write("my users.txt", "octocat\n");
  for (const bool full : {false, true}) {
    for (const std::string users : {"", "my users.txt"}) {
      const std::string text = sample_job({.users_file = users, .schema = "s.json", .full = full});
      EXPECT_THAT(diagnostics_of("job.yaml", text), IsEmpty()) << text;
      EXPECT_THAT(
          text, testing::StartsWith("# yaml-language-server: $schema=s.json\n# $schema: s.json\n"));
      EXPECT_THAT(text, HasSubstr("  # tokens: [\"env:GITHUB_TOKEN\"]\n"));
    }
  }
}

// A user removes the mark of a comment and has a valid job with the same values.
TEST_F(Describe, AFullSampleHasEveryKeyWithItsDefault) {
  const std::string text = sample_job({.schema = "s.json", .full = true});
  std::string open = text;
  for (const JobKey& key : job_keys()) {
    const std::size_t dot = key.path.find('.');
    const std::string leaf(key.path.substr(dot == key.path.npos ? 0 : dot + 1));
    const std::string indent = dot == key.path.npos ? "" : "  ";
    const std::string comment = fmt::format("\n{}# {}: ", indent, leaf);
    const auto at = open.find(comment);
    const bool is_set = open.find(fmt::format("\n{}{}: ", indent, leaf)) != open.npos;
    EXPECT_TRUE(is_set || at != open.npos) << key.path;
    const bool is_example = key.path == "name" || key.path == "provider.tokens";
    if (at != open.npos && !is_example) open.erase(at + 1 + indent.size(), 2);
  }
  write("job.yaml", "source: {usernames: [octocat]}\n");
  const std::string defaults = told(load("job.yaml").job);
  EXPECT_THAT(diagnostics_of("job.yaml", open), ElementsAre()) << open;
  EXPECT_EQ(told(load("job.yaml").job), defaults);
}

TEST_F(Describe, EffectiveValuesHaveTheirOriginAndNoSecret) {
  write("job.yaml",
        "source: {usernames: [octocat]}\nprovider:\n  tokens: [\"cmd:echo hunter2\"]\n"
        "execution: {queue: \"redis://:hunter2@localhost\"}\n");
  const LoadedJob loaded = load("job.yaml", {"fetch.concurrency=3"});
  ASSERT_THAT(shown(loaded.diagnostics), IsEmpty());
  std::map<std::string_view, EffectiveValue> all;
  for (const EffectiveValue& each : effective_values(loaded)) all[each.key] = each;
  EXPECT_EQ(all.size(), job_keys().size());
  const std::string file = (folder / "job.yaml").string();
  EXPECT_EQ(all["provider.tokens"].value, "[\"cmd:***\"]");
  EXPECT_EQ(all["provider.tokens"].origin, file + ":3");
  EXPECT_EQ(all["fetch.concurrency"].value, "3");
  EXPECT_EQ(all["fetch.concurrency"].origin, "--set fetch.concurrency=3");
  EXPECT_EQ(all["store.database"].value, (folder / "repos.db").string());
  EXPECT_EQ(all["run.deadline"].origin, "default");
  EXPECT_THAT(effective_text(loaded) + effective_json(loaded), Not(HasSubstr("hunter2")));
}

TEST_F(Describe, DiagnosticsAreObjects) {
  write("job.yaml", "source: {usernames: [octocat]}\nfetch: {timeout: 30}\n");
  auto diagnostics = load("job.yaml", {"run.deadline=x"}).diagnostics;
  for (Diagnostic& each : diagnostics) {
    if (each.line != 0) each.file = "job.yaml";
  }
  EXPECT_EQ(diagnostics_json(diagnostics),
            R"({"file":"job.yaml","line":2,"column":18,"key":"fetch.timeout","message":)"
            R"("fetch.timeout is 30: a duration needs a unit, as in 30s","hint":)"
            R"("a duration needs a unit, as in 30s"})"
            "\n"
            R"({"file":"--set run.deadline=x","line":null,"column":null,"key":"run.deadline",)"
            R"("message":"run.deadline is \"x\": expected a duration from 1s to 30d, as in 30s",)"
            R"("hint":"expected a duration from 1s to 30d, as in 30s"})"
            "\n");
}

struct Init : Describe {
  ExitCode write_job(InitOptions options) const {
    options.file = folder / options.file;
    return init(options, {[](const std::string&) { return std::nullopt; }, -1});
  }
  std::vector<std::string> files() const {
    std::vector<std::string> all;
    for (const auto& each : std::filesystem::directory_iterator(folder)) {
      all.push_back(each.path().filename());
    }
    return all;
  }
};

TEST_F(Init, WritesAJobThatLoadsAndReplacesNone) {
  EXPECT_EQ(write_job({}), ExitCode::complete);
  EXPECT_THAT(shown(load("job.yaml").diagnostics), IsEmpty());
  write("job.yaml", "mine");
  EXPECT_EQ(write_job({}), ExitCode::cannot_create);
  EXPECT_EQ(std::filesystem::file_size(folder / "job.yaml"), 4U);
  EXPECT_EQ(write_job({.full = true, .force = true}), ExitCode::complete);
  EXPECT_THAT(shown(load("job.yaml").diagnostics), IsEmpty());
  EXPECT_THAT(files(), ElementsAre("job.yaml"));
}

TEST_F(Init, LeavesNothingIfItFails) {
  EXPECT_EQ(write_job({.users = folder / "missing.txt"}), ExitCode::bad_job);
  EXPECT_EQ(write_job({.file = "nowhere/job.yaml"}), ExitCode::cannot_create);
  EXPECT_EQ(write_job({.file = "job.json"}), ExitCode::usage);
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(Init, NamesAListOfUsers) {
  write("users.txt", "octocat\ntorvalds\n");
  EXPECT_EQ(write_job({.users = folder / "users.txt"}), ExitCode::complete);
  EXPECT_EQ(load("job.yaml").users.count, 2U);
}

// What bash offers for the last word of a command line.
std::string completed(const std::filesystem::path& folder, const ProgramDescription& program,
                      const std::string& words) {
  std::ofstream(folder / "repopipe.bash") << completion_script("bash", program);
  std::ofstream(folder / "run.bash")
      << "cd " << folder.string() << "\n. ./repopipe.bash\nCOMP_WORDS=(" << words
      << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_repopipe\necho \"${COMPREPLY[*]}\"\n";
  FILE* out = ::popen(("bash " + (folder / "run.bash").string()).c_str(), "r");
  std::string text(4096, '\0');
  text.resize(fread(text.data(), 1, text.size(), out));
  EXPECT_EQ(::pclose(out), 0);
  return text;
}

TEST_F(Describe, BashCompletesWordsFilesAndKeys) {
  const OptionDescription setting{
      .names = {"--set"}, .value = "PATH=VALUE", .meaning = "a key", .kind = ValueKind::setting};
  const OptionDescription progress{.names = {"--progress"},
                                   .value = "ENUM",
                                   .meaning = "a line",
                                   .kind = ValueKind::word,
                                   .words = {"auto", "always", "never"}};
  const OptionDescription job{
      .names = {}, .value = "JOB", .meaning = "a job", .kind = ValueKind::job_file};
  const ProgramDescription program{
      .program = {.name = "repopipe", .meaning = ""},
      .commands = {
          {.name = "run", .meaning = "Run", .options = {setting, progress}, .arguments = {job}},
          {.name = "report", .meaning = "Report"}}};
  write("nightly.yaml", "");
  write("notes.txt", "");
  EXPECT_EQ(completed(folder, program, "repopipe r"), "run report\n");
  EXPECT_EQ(completed(folder, program, "repopipe run n"), "nightly.yaml\n");
  EXPECT_EQ(completed(folder, program, "repopipe run --p"), "--progress\n");
  EXPECT_EQ(completed(folder, program, "repopipe run --progress a"), "auto always\n");
  EXPECT_EQ(completed(folder, program, "repopipe run --progress = n"), "never\n");
  EXPECT_EQ(completed(folder, program, "repopipe run --set fetch.t"), "fetch.timeout=\n");
  EXPECT_EQ(completed(folder, program, "repopipe run --set fetch.engine = t"), "threads\n");
}

}  // namespace
}  // namespace repopipe
