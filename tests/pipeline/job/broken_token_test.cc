#include "tests/pipeline/job/broken_job.h"

namespace repopipe {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Tokens, BrokenJob,
    testing::ValuesIn(std::vector<BrokenCase>{
        {"Token",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: "
         "[ghp_abcdefghijklmnopqrstuvwxyz0123456789]\n",
         {"job.yaml:3:12: provider.tokens[0] is a token written into the job (...6789): put it "
          "into an environment variable and write env:NAME"}},
        {"FineGrainedToken",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: "
         "[github_pat_11ABCDEFG0123456789_abcdefghijklmnop]\n",
         {"job.yaml:3:12: provider.tokens[0] is a token written into the job (...mnop): put it "
          "into an environment variable and write env:NAME"}},
        {"InstallationToken",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: "
         "[ghs_abcdefghijklmnopqrstuvwxyz01234WXYZ]\n",
         {"job.yaml:3:12: provider.tokens[0] is a token written into the job (...WXYZ): put it "
          "into an environment variable and write env:NAME"}},
        {"OldToken",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["0123456789abcdef0123456789abcdef01234567"]
)",
         {"job.yaml:3:12: provider.tokens[0] is a token written into the job (...4567): put it "
          "into an environment variable and write env:NAME"}},
        {"TokenOfUnknownForm",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: [hunter2-hunter2-hunter2]\n",
         {"job.yaml:3:12: provider.tokens[0] (...ter2) begins with none of env:, file:, cmd: and "
          "credential:; a token itself is not allowed here"}},
        {"ShortSecret",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: [hunter2]\n",
         {"job.yaml:3:12: provider.tokens[0] (...) begins with none of env:, file:, cmd: and "
          "credential:; a token itself is not allowed here"}},
        {"Credential",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider: {tokens: [\"credential:token\"]}\n",
         {"job.yaml:2:21: provider.tokens[0] is \"credential:token\": the environment variable "
          "CREDENTIALS_DIRECTORY is not set; systemd sets it in a unit with "
          "LoadCredential=token:PATH"}},
        {"CredentialWithAPath",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider: {tokens: [\"credential:../token\"]}\n",
         {"job.yaml:2:21: provider.tokens[0] is \"credential:../token\": a credential has the name "
          "of a file, without /"}},
        {"CredentialWithoutAName",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider: {tokens: [\"credential:\"]}\n",
         {"job.yaml:2:21: provider.tokens[0] is \"credential:\": the credential's name is missing, "
          "as in credential:token"}},
        {"TokenOutsideAList",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: "
         "ghp_abcdefghijklmnopqrstuvwxyz0123456789\n",
         {"job.yaml:3:11: provider.tokens is a token written into the job (...6789): put it into "
          "an environment variable and write env:NAME"}},
        {"TokenBehindEnv",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["env:ghp_abcdefghijklmnopqrstuvwxyz0123456789"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "env:...6789": this environment variable is not set)"}},
        {"TokenBehindFile",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["file:ghp_abcdefghijklmnopqrstuvwxyz0123456789"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "file:...6789": there is no such file (looked for "...6789"))"}},
        {"TokenElsewhere",
         "job.yaml",
         "source: {usernames: [octocat]}\nname: ghp_abcdefghijklmnopqrstuvwxyz0123456789\nfetch: "
         "{engine: ghp_abcdefghijklmnopqrstuvwxyz0123456789}\n",
         {R"(job.yaml:3:17: fetch.engine is "...6789": expected event_loop or threads)"}},
        {"ReferenceOutsideAList",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: env:GOOD_TOKEN\n",
         {R"(job.yaml:3:11: provider.tokens is not a list: expected a list of env:NAME, file:PATH, cmd:COMMAND or credential:NAME, as in ["env:GITHUB_TOKEN"])"}},
        {"UnsetVariable",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["env:MISSING_TOKEN"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "env:MISSING_TOKEN": this environment variable is not set)"}},
        {"EmptyVariable",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["env:EMPTY_TOKEN"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "env:EMPTY_TOKEN": this environment variable is empty)"}},
        {"NoVariable",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["env:"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "env:": a variable's name is missing, as in env:GITHUB_TOKEN)"}},
        {"ForgottenEnv",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: [GOOD_TOKEN]\n",
         {"job.yaml:3:12: provider.tokens[0] lacks env: before the variable; write "
          "env:GOOD_TOKEN"}},
        {"TokenFileMissing",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["file:missing.txt"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "file:missing.txt": there is no such file (looked for "missing.txt"))"}},
        {"TokenFileEmpty",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["file:empty.txt"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "file:empty.txt": the file is empty)"}},
        {"TokenFileIsFolder",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["file:folder"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "file:folder": it is a directory, not a file)"}},
        {"NoTokenFile",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["file: "]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "file:": the path is missing)"}},
        {"NoCommand",
         "job.yaml",
         R"(source: {usernames: [octocat]}
provider:
  tokens: ["cmd:"]
)",
         {R"(job.yaml:3:12: provider.tokens[0] is "cmd:": the command is missing)"}},
        {"NumberAsToken",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: [123456]\n",
         {"job.yaml:3:12: provider.tokens[0] is not text: expected env:NAME, file:PATH, "
          "cmd:COMMAND or credential:NAME"}},
        {"NullAsToken",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: [null]\n",
         {"job.yaml:3:12: provider.tokens[0] is not text: expected env:NAME, file:PATH, "
          "cmd:COMMAND or credential:NAME"}},
        {"MappingAsToken",
         "job.yaml",
         "source: {usernames: [octocat]}\nprovider:\n  tokens: [env: GOOD_TOKEN]\n",
         {"job.yaml:3:12: provider.tokens[0] is a section: expected env:NAME, file:PATH, "
          "cmd:COMMAND or credential:NAME"}},
    }),
    name_of_case);

}  // namespace
}  // namespace repopipe
