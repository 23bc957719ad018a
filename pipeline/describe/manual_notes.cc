// What the tables do not say: descriptions, files, environment variables, examples.
#include <vector>

#include "pipeline/describe/manual.h"

namespace repopipe {
namespace {

constexpr CommandNotes kCommandNotes[] = {
    {"run",
     "Lists the repositories of every user of the job and stores them in the job's database. A "
     "user "
     "is stored completely or not at all. The next run resumes an unfinished one.\n\n"
     "The first SIGINT or SIGTERM stops sending requests and waits for those in flight; the second "
     "one ends the run at once. SIGUSR1 prints one line of progress.",
     "*65*, *69*, *70*, *71*, *73*, *74*, *75*, *77*, *78*, *130*, *143*\n\tthe run did not "
     "complete; the first line on standard error names the cause, the second one what to do.",
     "repopipe run nightly.yaml\n"
     "repopipe run --quiet --set fetch.concurrency=4 nightly.yaml\n"
     "repopipe run --shard 1/3 nightly.yaml",
     "*repopipe-job*(5), *repopipe-check*(1), *repopipe-status*(1)"},
    {"check",
     "Prints every error of the job files as _file:line:column: message_, and whether the "
     "database, "
     "certificates, lists and commands that a run needs are usable. Writes nothing.",
     "*78*\n\ta job file has errors.\n\n*73*, *74*, *77*\n\twhat the run needs is not usable.",
     "repopipe check nightly.yaml\n"
     "repopipe check --online nightly.yaml\n"
     "repopipe check --json /etc/repopipe/*.yaml",
     "*repopipe-job*(5), *repopipe-explain*(1)"},
    {"worker",
     "Fetches and parses for the runs whose jobs name the same queue in *execution.queue*. Workers "
     "may come and go while runs last. SIGTERM ends a worker after the requests in flight.",
     "*69*, *77*, *78*\n\tthe queue cannot be reached, no token is valid, or the queue cannot "
     "serve.",
     "repopipe worker --queue redis://10.0.0.5:6379/0 --token env:GITHUB_TOKEN",
     "*repopipe-job*(5), *repopipe-run*(1)"},
    {"merge",
     "Merges databases of one API with all history into OUT. The other databases do not change.",
     "*73*, *74*, *75*\n\ta database cannot be read, written or locked.",
     "repopipe merge all.db shard1.db shard2.db shard3.db", "*repopipe-run*(1)"},
    {"prune",
     "Removes rows of the log of runs that are older than *store.keep_requests* and "
     "*store.keep_users* allow. A run does the same at its end.",
     "*73*, *74*, *75*\n\tthe database cannot be opened, written or locked.",
     "repopipe prune --dry-run nightly.yaml", "*repopipe-compact*(1), *repopipe-job*(5)"},
    {"compact",
     "Writes the database without free space beside the old file, and replaces it under the lock. "
     "It needs free disk space of the size of the result.",
     "*73*, *74*, *75*\n\tthe database cannot be opened, written or locked.",
     "repopipe compact nightly.yaml", "*repopipe-prune*(1)"},
    {"compare",
     "Runs the job in every way (event loop, threads, processes, queue) with databases of its own, "
     "compares times, memory and databases, and recommends a way.",
     "*65*\n\tthe databases differ.\n\n*78*\n\tthe job file has errors.",
     "repopipe compare nightly.yaml --repeat 3 --html ways.html", "*repopipe-job*(5)"},
    {"status",
     "Shows what runs now, what is unfinished, and the last runs of each database. Opens nothing "
     "for writing.",
     "*65*\n\tthe last complete run is older than *--max-age*, or there is none.\n\n*73*\n\t"
     "the database cannot be opened.",
     "repopipe status nightly.yaml\n"
     "repopipe status --max-age 26h --json /var/lib/repopipe/nightly/repos.db",
     "*repopipe-run*(1), *repopipe-report*(1)"},
    {"report",
     "Writes one HTML page without scripts about a night: verdict, what to do, what changed, where "
     "the time went, who was not listed, and the last nights.",
     "*73*\n\tthe page cannot be written, or the database does not exist.",
     "repopipe report nightly.yaml --html nightly.html", "*repopipe-status*(1)"},
    {"plan",
     "Predicts requests, quota, time, and what limits them, from the list of users and the last "
     "runs. Sends no request.",
     "*75*\n\tthe run does not fit into its deadline or its limits.", "repopipe plan nightly.yaml",
     "*repopipe-run*(1)"},
    {"explain", "Prints meaning, values, default and an example of a key of the job file.",
     "*78*\n\tthe job file has errors.",
     "repopipe explain fetch.timeout\n"
     "repopipe explain fetch --job nightly.yaml",
     "*repopipe-job*(5)"},
    {"init",
     "Writes a job file that *repopipe check* accepts. Replaces no file without *--force*. The "
     "file "
     "names the JSON Schema for editors.",
     "*73*\n\tthe file exists or cannot be written.\n\n*78*\n\tthe list of users has errors.",
     "repopipe init nightly.yaml --users users.txt",
     "*repopipe-job*(5), *repopipe-check*(1), *repopipe-schema*(1)"},
    {"schema", "Prints the JSON Schema (draft-07) of a job file to standard output.", "",
     "repopipe schema > job.schema.json", "*repopipe-job*(5)"},
    {"completion", "Prints the completions for a shell to standard output.", "",
     ". <(repopipe completion bash)", ""},
};

}  // namespace

std::span<const CommandNotes> command_notes() {
  return kCommandNotes;
}

std::span<const ManualSection> notes_of_program() {
  static const std::vector<ManualSection> kAll{
      {"DESCRIPTION",
       "*repopipe* reads usernames from a job file, lists their repositories through the API of "
       "GitHub or Gitea, and stores every repository, every change and every timing in one SQLite "
       "database. Text for people goes to standard error; standard output is for commands whose "
       "output is their purpose. With *--quiet* a run that succeeds prints nothing."},
      {"FILES",
       manual_entry("_JOB_", "the job file, YAML or JSON; see *repopipe-job*(5).") +
           manual_entry("_DATABASE_, _DATABASE_-wal, _DATABASE_-shm",
                        "the database of a job (*store.database*) and SQLite's files beside it.") +
           manual_entry("/usr/share/repopipe/job.schema.json",
                        "the JSON Schema of a job file, for editors.") +
           manual_entry("/usr/share/doc/repopipe/examples",
                        "sample jobs, hooks, and rules for alerts.")},
      {"ENVIRONMENT",
       manual_entry("*NO\\_COLOR*, *TERM*", "turn off colours, and the display on a terminal.") +
           manual_entry("*TMPDIR*", "folder for copies of lists from standard input.") +
           manual_entry("*CREDENTIALS\\_DIRECTORY*",
                        "folder of the tokens *credential:NAME*; set by *systemd*(1).") +
           manual_entry("*JOURNAL\\_STREAM*",
                        "set by *systemd*(1): lines begin with their priority if standard error is "
                        "the journal.") +
           manual_entry("*https\\_proxy*, *http\\_proxy*, *all\\_proxy*, *no\\_proxy*",
                        "proxies, as in *curl*(1).") +
           manual_entry("*CURL\\_CA\\_BUNDLE*, *SSL\\_CERT\\_FILE*",
                        "certificate authorities instead of the system's, as in *curl*(1).")},
      {"EXAMPLES",
       "```\n"
       "repopipe init nightly.yaml --users users.txt\n"
       "repopipe check nightly.yaml\n"
       "repopipe run nightly.yaml\n"
       "repopipe status nightly.yaml\n"
       "```"},
  };
  return kAll;
}

std::span<const ManualSection> notes_of_job() {
  static const std::vector<ManualSection> kAll{
      {"DESCRIPTION",
       "A job file says whose repositories to list, how, and into which database. It is YAML "
       "(_.yaml_, _.yml_) or JSON (_.json_); both have the same keys. Only *source* is required. "
       "Unknown and repeated keys are errors. A key of a section is written below it: "
       "*fetch.timeout* is *timeout* in *fetch*.\n\n"
       "Durations are whole numbers with a unit, *ms*, *s*, *m*, *h* or *d*; several can be "
       "combined (*1h30m*). Sizes are whole numbers with *B*, *KB*, *MB*, *GB*, *KiB*, *MiB* or "
       "*GiB*. Relative paths are relative to the folder of the job file.\n\n"
       "A job file contains no token, only a reference: *env:NAME* (an environment variable), "
       "*file:PATH*, *cmd:COMMAND* (what the command prints) or *credential:NAME* (a file in "
       "_$CREDENTIALS\\_DIRECTORY_)."},
      {"ENVIRONMENT OF HOOKS",
       "The command of *hooks.after* gets the summary of the run as JSON on standard input, and "
       "these variables.\n\n" +
           manual_entry("*REPOPIPE\\_EXIT\\_CODE*, *REPOPIPE\\_STATUS*, *REPOPIPE\\_ERROR*",
                        "exit code, status and cause in one line.") +
           manual_entry("*REPOPIPE\\_JOB*, *REPOPIPE\\_RUN*, *REPOPIPE\\_UID*",
                        "name of the job; id and uid of the run.") +
           manual_entry("*REPOPIPE\\_DATABASE*", "path of the database.")},
      {"FILES", manual_entry("/usr/share/repopipe/job.schema.json",
                             "the JSON Schema of a job file, for editors.")},
      {"EXAMPLES",
       "```\n"
       "source:\n"
       "  usernames: [octocat, torvalds]\n"
       "  usernames_file: users.txt\n"
       "provider:\n"
       "  tokens: [\"env:GITHUB_TOKEN\"]\n"
       "store:\n"
       "  database: repos.db\n"
       "```"},
  };
  return kAll;
}

std::span<const ManualSection> notes_of_simulator() {
  static const std::vector<ManualSection> kAll{
      {"DESCRIPTION",
       "Serves the REST API of GitHub, or of Gitea, from generated accounts or recorded pages, for "
       "tests and for jobs without a network. It prints _listening on URL_ once it is ready, and "
       "ends with SIGINT or SIGTERM."},
      {"EXIT STATUS",
       "*0*\n\tended by a signal.\n\n*64*\n\twrong command line.\n\n*70*\n\tinternal "
       "error.\n\n*73*\n\ta file cannot be created."},
      {"EXAMPLES",
       "```\n"
       "repopipe-simulator --accounts 300 --logins > users.txt\n"
       "repopipe-simulator --accounts 300 --port 8080 &\n"
       "repopipe run job.yaml --set provider.base_url=http://127.0.0.1:8080\n"
       "```"},
  };
  return kAll;
}

}  // namespace repopipe
