#include "pipeline/command/command_line.h"

#include <gtest/gtest.h>

namespace repopipe {
namespace {

Command parse(std::vector<const char*> words) {
  words.insert(words.begin(), "repopipe");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

ExitCode answered(std::vector<const char*> words) {
  const Command command = parse(std::move(words));
  if (const auto* run = std::get_if<RefusedRun>(&command)) {
    return policy_of(run->failures.at(0).kind).exit_code;
  }
  return std::get<Answered>(command).exit_code;
}

TEST(CommandLine, ReadsRunWithItsOptions) {
  const auto run = std::get<RunOptions>(
      parse({"run", "job.yaml", "--set", "fetch.concurrency=3", "--set", "name=x", "--fresh",
             "--dry-run", "--quiet", "--progress", "never", "--summary", "json"}));
  EXPECT_EQ(run.job, "job.yaml");
  EXPECT_EQ(run.overrides, (std::vector<std::string>{"fetch.concurrency=3", "name=x"}));
  EXPECT_TRUE(run.fresh);
  EXPECT_TRUE(run.dry_run);
  EXPECT_TRUE(run.quiet);
  EXPECT_EQ(run.progress, ProgressMode::never);
  EXPECT_EQ(run.summary, SummaryForm::json);
}

TEST(CommandLine, HasDefaults) {
  const auto run = std::get<RunOptions>(parse({"run", "job.yaml"}));
  EXPECT_FALSE(run.fresh || run.dry_run || run.quiet);
  EXPECT_EQ(run.progress, ProgressMode::automatic);
  EXPECT_EQ(run.summary, SummaryForm::text);
}

TEST(CommandLine, ReadsCheck) {
  const auto check = std::get<CheckOptions>(parse({"check", "a.json", "b.yaml", "--json"}));
  EXPECT_EQ(check.jobs, (std::vector<std::filesystem::path>{"a.json", "b.yaml"}));
  EXPECT_TRUE(check.json);
  EXPECT_FALSE(check.effective || check.online);
}

TEST(CommandLine, ReadsAShard) {
  EXPECT_EQ(std::get<RunOptions>(parse({"run", "a", "--shard", "2/3"})).shard, (Shard{2, 3}));
  EXPECT_TRUE(std::get<RunOptions>(parse({"run", "a"})).shard.is_whole());
  for (const char* wrong : {"0/3", "4/3", "x", "1/0", "1/", ""}) {
    EXPECT_EQ(answered({"run", "a", "--shard", wrong}), ExitCode::usage) << wrong;
  }
}

TEST(CommandLine, ReadsMerge) {
  const auto plan = std::get<PredictOptions>(parse({"plan", "job.yaml", "--json", "--fresh"}));
  EXPECT_EQ(plan.run.job, "job.yaml");
  EXPECT_TRUE(plan.json && plan.run.fresh);
  const auto prune = std::get<PruneOptions>(parse({"prune", "job.yaml", "--dry-run", "-q"}));
  EXPECT_EQ(prune.target, "job.yaml");
  EXPECT_TRUE(prune.dry_run && prune.quiet);
  const auto compact = std::get<CompactOptions>(parse({"compact", "repos.db", "--quiet"}));
  EXPECT_EQ(compact.target, "repos.db");
  EXPECT_TRUE(compact.quiet);
  const auto merge = std::get<MergeOptions>(parse({"merge", "out.db", "a.db", "b.db", "--quiet"}));
  EXPECT_EQ(merge.into, "out.db");
  EXPECT_EQ(merge.from, (std::vector<std::filesystem::path>{"a.db", "b.db"}));
  EXPECT_TRUE(merge.quiet);
  EXPECT_EQ(answered({"merge", "out.db"}), ExitCode::usage);
}

TEST(CommandLine, RefusesAnEmptyValue) {
  EXPECT_EQ(answered({"worker", "--queue", "redis://a", "--ca-file", ""}), ExitCode::usage);
  EXPECT_EQ(answered({"worker", "--queue", ""}), ExitCode::usage);
  EXPECT_EQ(answered({"compare", "a", "--html", ""}), ExitCode::usage);
  EXPECT_EQ(answered({"compare", "a", "--queue", ""}), ExitCode::usage);
  EXPECT_EQ(answered({"run", ""}), ExitCode::usage);
  EXPECT_EQ(answered({"run", "a", "--set", "provider.base_url="}), ExitCode::usage);
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(answered({}), ExitCode::usage);
  EXPECT_EQ(answered({"run"}), ExitCode::usage);
  EXPECT_EQ(answered({"run", "a", "b"}), ExitCode::usage);
  EXPECT_EQ(answered({"rum", "a"}), ExitCode::usage);
  EXPECT_EQ(answered({"run", "a", "--sett", "x=1"}), ExitCode::usage);
  EXPECT_EQ(answered({"run", "a", "--summary", "xml"}), ExitCode::usage);
  EXPECT_EQ(answered({"run", "a", "--progress", "sometimes"}), ExitCode::usage);
}

// Its output on stderr; of a run, what the program will print as the cause.
std::string said(std::vector<const char*> words) {
  ::testing::internal::CaptureStderr();
  const Command command = parse(std::move(words));
  const std::string text = ::testing::internal::GetCapturedStderr();
  const auto* run = std::get_if<RefusedRun>(&command);
  EXPECT_TRUE(run != nullptr || std::get<Answered>(command).exit_code == ExitCode::usage);
  return run == nullptr ? text : text + run->failures.at(0).message;
}

TEST(CommandLine, NamesWhatMayHaveBeenMeant) {
  const std::string see = "; see repopipe --help\n";
  EXPECT_EQ(said({"rnu", "job.yaml"}),
            "repopipe: there is no command \"rnu\"; did you mean run?" + see);
  EXPECT_EQ(said({"Check"}), "repopipe: there is no command \"Check\"; did you mean check?" + see);
  EXPECT_TRUE(said({"delete"})
                  .starts_with("repopipe: there is no command \"delete\"; expected one of run, "
                               "check, worker, merge, "
                               "prune, compact, compare, "));
  EXPECT_EQ(said({"run", "--qiuet", "job.yaml"}),
            "run has no option --qiuet; did you mean --quiet?");
  EXPECT_EQ(said({"run", "a", "--dryrun"}), "run has no option --dryrun; did you mean --dry-run?");
  EXPECT_EQ(said({"worker", "--ques", "x"}),
            "repopipe: worker has no option --ques; did you mean --queue?" + see);
  EXPECT_EQ(said({"--verison"}),
            "repopipe: repopipe has no option --verison; did you mean "
            "--version?" +
                see);
  EXPECT_EQ(said({"help", "rum"}),
            "repopipe: there is no command \"rum\"; did you mean run?" + see);
  EXPECT_EQ(said({"run", "a", "b"}), "unexpected argument \"b\"");
}

TEST(CommandLine, ShowsNothingThatStandsBehindAnUnknownOption) {
  for (const std::vector<const char*>& words :
       {std::vector<const char*>{"run", "a", "--token", "hunter2"},
        {"check", "a", "--token=hunter2"},
        {"compare", "a", "--tokens", "hunter2"},
        {"run", "a", "--foo=hunter2"},
        {"--foo=hunter2"},
        {"run", "a", "--set", "x=[hunter2"}}) {
    EXPECT_EQ(said(words).find("hunter2"), std::string::npos) << said(words);
  }
  EXPECT_NE(said({"run", "a", "--token", "x"}).find("provider.tokens: [\"env:NAME\"]"),
            std::string::npos);
}

TEST(CommandLine, RefusesASettingThatIsNone) {
  EXPECT_EQ(said({"run", "a", "--set", "fetch.concurrency"}),
            "--set fetch.concurrency: expected path=value, as in fetch.concurrency=32");
  for (const char* set : {"=3", "", "fetch.=3", ".fetch=3", "fetch..timeout=3s", "name=[a"}) {
    for (const char* command : {"run", "check", "compare"}) {
      EXPECT_EQ(answered({command, "a", "--set", set}), ExitCode::usage) << set;
    }
  }
}

TEST(CommandLine, AnswersHelpAndVersion) {
  EXPECT_EQ(answered({"help"}), ExitCode::complete);
  EXPECT_EQ(answered({"help", "run"}), ExitCode::complete);
  EXPECT_EQ(answered({"version"}), ExitCode::complete);
  EXPECT_EQ(answered({"--help"}), ExitCode::complete);
  EXPECT_EQ(answered({"run", "--help"}), ExitCode::complete);
  EXPECT_EQ(answered({"--version"}), ExitCode::complete);
}

}  // namespace
}  // namespace repopipe
