// Errors in execution.queue and execution.lease: they have a position and contain no password.
#include "tests/pipeline/job/broken_job.h"

namespace repopipe {
namespace {

class BrokenQueue : public BrokenJob {};

TEST_P(BrokenQueue, HasAPosition) {
  variables["REDIS_URL"] = "redis://:geheim@localhost:6379/x";
  const BrokenCase& broken = GetParam();
  EXPECT_EQ(diagnostics_of(broken.file, broken.text), broken.diagnostics);
}

const std::string kUser = "source: {usernames: [octocat]}\n";

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BrokenQueue,
    ::testing::Values(
        BrokenCase{"AnotherScheme",
                   "job.yaml",
                   kUser + "execution: {queue: 'amqp://:geheim@h'}\n",
                   {"job.yaml:2:20: execution.queue: the address is not valid: expected "
                    "redis://HOST:PORT/DATABASE, or env:NAME"}},
        BrokenCase{"AddressWithAPassword",
                   "job.yaml",
                   kUser + "execution:\n  queue: redis://:geheim@h:70000\n",
                   {"job.yaml:3:10: execution.queue: the address has a wrong port: expected a "
                    "number from 1 to 65535"}},
        BrokenCase{"InJson",
                   "job.json",
                   R"({"source": {"usernames": ["octocat"]}, "execution": {"queue": "redis://"}})",
                   {"job.json:1:63: execution.queue: the address has no host: expected "
                    "redis://HOST:PORT/DATABASE"}},
        BrokenCase{"NoText",
                   "job.yaml",
                   kUser + "execution: {queue: 6379}\n",
                   {"job.yaml:2:20: execution.queue is 6379: expected redis://HOST:PORT/DATABASE, "
                    "env:NAME or credential:NAME"}},
        BrokenCase{"VariableWithoutName",
                   "job.yaml",
                   kUser + "execution: {queue: 'env:'}\n",
                   {"job.yaml:2:20: execution.queue: a variable's name is missing, as in "
                    "env:REDIS_URL"}},
        BrokenCase{"VariableThatIsNotSet",
                   "job.yaml",
                   kUser + "execution: {queue: 'env:NOWHERE'}\n",
                   {"job.yaml:2:20: execution.queue: the environment variable \"NOWHERE\" is not "
                    "set"}},
        BrokenCase{"VariableWithAWrongAddress",
                   "job.yaml",
                   kUser + "execution: {queue: 'env:REDIS_URL'}\n",
                   {"job.yaml:2:20: execution.queue: the address in \"REDIS_URL\" has a wrong "
                    "database: expected a number behind the /"}},
        BrokenCase{"CredentialWithoutAUnit",
                   "job.yaml",
                   kUser + "execution: {queue: 'credential:queue'}\n",
                   {"job.yaml:2:20: execution.queue: the environment variable "
                    "CREDENTIALS_DIRECTORY is not set; systemd sets it in a unit with "
                    "LoadCredential=queue:PATH"}},
        BrokenCase{"WithProcesses",
                   "job.yaml",
                   kUser + "execution: {processes: 2, queue: 'redis://localhost'}\n",
                   {"job.yaml:2:27: execution.queue and execution.processes above 1 exclude each "
                    "other: with a queue, the processes are those of its workers"}},
        BrokenCase{"ShortLease",
                   "job.yaml",
                   kUser + "execution: {lease: 999ms}\n",
                   {"job.yaml:2:20: execution.lease is \"999ms\": expected a duration from 1s to "
                    "10m"}},
        BrokenCase{"LeaseWithoutUnit",
                   "job.yaml",
                   kUser + "execution: {lease: 15}\n",
                   {"job.yaml:2:20: execution.lease is 15: a duration needs a unit, as in 15s"}}),
    name_of_case);

class GoodQueue : public JobTest {};

TEST_F(GoodQueue, MayComeFromTheEnvironmentAndStaysThere) {
  variables["REDIS_URL"] = "redis://:geheim@localhost:6379/1";
  write("job.yaml", kUser + "execution: {queue: 'env:REDIS_URL', lease: 1s}\n");
  const LoadedJob loaded = load("job.yaml");
  EXPECT_EQ(shown(loaded.diagnostics), std::vector<std::string>{});
  EXPECT_EQ(loaded.job.execution.queue, "env:REDIS_URL");
  EXPECT_EQ(loaded.job.execution.lease, std::chrono::seconds(1));
}

TEST_F(GoodQueue, MayBeOneProcess) {
  write("job.yaml", kUser + "execution: {processes: 1, queue: 'redis://:geheim@localhost'}\n");
  const LoadedJob loaded = load("job.yaml");
  EXPECT_EQ(shown(loaded.diagnostics), std::vector<std::string>{});
  EXPECT_EQ(loaded.job.execution.queue, "redis://:geheim@localhost");
}

TEST_F(GoodQueue, MayBeNone) {
  write("job.yaml", kUser + "execution: {queue: null}\n");
  EXPECT_EQ(load("job.yaml").job.execution.queue, "");
}

}  // namespace
}  // namespace repopipe
