#include "tests/pipeline/job/broken_job.h"

namespace repopipe {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenJob,
    testing::ValuesIn(std::vector<BrokenCase>{
        {"UnknownKey",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch: {timout: 30s}\n",
         {"job.yaml:2:9: unknown key fetch.timout: did you mean fetch.timeout?"}},
        {"UnknownKeyWithCapitals",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch:\n  maxBody: 1MiB\n",
         {"job.yaml:3:3: unknown key fetch.maxBody: did you mean fetch.max_body?"}},
        {"UnknownSection",
         "job.yaml",
         "source: {usernames: [octocat]}\nfeth: {}\n",
         {"job.yaml:2:1: unknown key feth: did you mean fetch?"}},
        {"UnknownSectionAndKey",
         "job.yaml",
         R"(source: {usernames: [octocat]}
"fetsh.concurency": 3
)",
         {"job.yaml:2:1: unknown key fetsh.concurency: did you mean fetch.concurrency?"}},
        {"WrongSection",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch: {deadline: 8h}\n",
         {"job.yaml:2:9: unknown key fetch.deadline: did you mean run.deadline?"}},
        {"KeyAtTheTop",
         "job.yaml",
         "usernames: [octocat]\n",
         {"job.yaml:1:1: unknown key usernames: did you mean source.usernames?",
          "job.yaml:1:1: no users: source.usernames or source.usernames_file must name some"}},
        {"NothingNear",
         "job.yaml",
         "source: {usernames: [octocat]}\nstore: {colour: red}\n",
         {"job.yaml:2:9: unknown key store.colour: store has database, "
          "access, keep_requests, keep_users"}},
        {"NothingNearAtTheTop",
         "job.yaml",
         "source: {usernames: [octocat]}\ncolour: red\n",
         {"job.yaml:2:1: unknown key colour: a job file has name, source, provider, fetch, parse, "
          "transforms, store, execution, limits, run, ping, metrics, log, report, hooks"}},
        {"KeyThatNeedsQuotes",
         "job.yaml",
         R"(source: {usernames: [octocat]}
"two words": 1
)",
         {R"(job.yaml:2:1: unknown key "two words": a job file has name, source, provider, fetch, parse, transforms, store, execution, limits, run, ping, metrics, log, report, hooks)"}},
        {"EmptyKey",
         "job.yaml",
         R"(source: {usernames: [octocat]}
"": 1
)",
         {R"(job.yaml:2:1: unknown key "": a job file has name, source, provider, fetch, parse, transforms, store, execution, limits, run, ping, metrics, log, report, hooks)"}},
        {"NullKey",
         "job.yaml",
         "source: {usernames: [octocat]}\n~: 1\n",
         {"job.yaml:2:1: unknown key null: a job file has name, source, provider, fetch, parse, "
          "transforms, store, execution, limits, run, ping, metrics, log, report, hooks"}},
        {"MergeKey",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch: {<<: {attempts: 2}}\n",
         {"job.yaml:2:9: unknown key fetch.<<: merge keys are not supported"}},
        {"SecretKey",
         "job.yaml",
         "source: {usernames: [octocat]}\nghp_abcdefghijklmnopqrstuvwxyz0123456789: 1\n",
         {R"(job.yaml:2:1: unknown key "...6789": a job file has name, source, provider, fetch, parse, transforms, store, execution, limits, run, ping, metrics, log, report, hooks)"}},
        {"RepeatedKey",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch:\n  attempts: 2\n  timeout: 30s\n  attempts: 3\n",
         {"job.yaml:5:3: fetch.attempts is given twice; first on line 3"}},
        {"RepeatedSection",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch: {}\nname: a\nfetch: {}\n",
         {"job.yaml:4:1: fetch is given twice; first on line 2"}},
        {"RepeatedUnknownKey",
         "job.yaml",
         "source: {usernames: [octocat]}\ncolour: red\ncolour: blue\n",
         {"job.yaml:2:1: unknown key colour: a job file has name, source, provider, fetch, parse, "
          "transforms, store, execution, limits, run, ping, metrics, log, report, hooks",
          "job.yaml:3:1: colour is given twice; first on line 2"}},
        {"RepeatedJsonKey",
         "job.json",
         R"({"source": {"usernames": ["a"]},
 "name": "a", "name": "b"})",
         {"job.json:2:15: name is given twice; first on line 2"}},
        {"SectionIsNumber",
         "job.yaml",
         "source: {usernames: [octocat]}\nfetch: 3\n",
         {"job.yaml:2:8: fetch is 3: expected a section with engine, concurrency, timeout, "
          "attempts, backoff, max_body"}},
        {"SectionIsList",
         "job.yaml",
         "source: [octocat]\n",
         {"job.yaml:1:9: source is a list: expected a section with usernames, usernames_file"}},
    }),
    name_of_case);

}  // namespace
}  // namespace repopipe
