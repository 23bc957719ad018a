// The schema against the parser: on a corpus of broken job files, and on mutations of a valid one.
#include "pipeline/describe/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "pipeline/describe/explain.h"
#include "pipeline/job/document/document.h"
#include "pipeline/job/job_keys.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

const std::filesystem::path kSource = REPOPIPE_SOURCE_DIR;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<Node> tree_of(const std::string& text) {
  Diagnostics ignored;
  return parse_yaml(text, ignored.add_place({}), ignored);
}

struct Schema : JobTest {
  // Whether the schema accepts each document, a line of JSON.
  std::vector<bool> accepted(const std::vector<std::string>& documents) const {
    write("schema.json", job_schema());
    std::string lines;
    for (const std::string& each : documents) lines += each + "\n";
    write("documents", lines);
    const std::string command = fmt::format(
        "python3 {}/tests/pipeline/describe/validate.py {}/schema.json < {}/documents > "
        "{}/verdicts",
        kSource.string(), folder.string(), folder.string(), folder.string());
    EXPECT_EQ(std::system(command.c_str()), 0) << "needs the package python3-jsonschema";
    std::istringstream verdicts(text_of(folder / "verdicts"));
    std::vector<bool> all;
    for (std::string line; std::getline(verdicts, line);) all.push_back(line == "accepted");
    EXPECT_EQ(all.size(), documents.size());
    all.resize(documents.size());
    return all;
  }

  std::vector<Diagnostic> found_in(const std::string& text) const {
    write("job.yaml", text);
    return load("job.yaml").diagnostics;
  }
};

struct Broken {
  std::string job, at, key, hint, only_parser;
};

std::vector<Broken> corpus() {
  const auto tree = tree_of(text_of(kSource / "tests/pipeline/job/fixtures/broken_jobs.yaml"));
  EXPECT_TRUE(tree);
  std::vector<Broken> all;
  for (const Node& entry : tree->children) {
    Broken& broken = all.emplace_back();
    for (const Node& field : entry.children) {
      const std::map<std::string, std::string*> fields{{"job", &broken.job},
                                                       {"at", &broken.at},
                                                       {"key", &broken.key},
                                                       {"hint", &broken.hint},
                                                       {"only_parser", &broken.only_parser}};
      *fields.at(field.key) = field.text;
    }
  }
  return all;
}

using BrokenJobs = Schema;

TEST_F(BrokenJobs, HaveThePositionTheKeyAndTheHint) {
  const std::vector<Broken> all = corpus();
  EXPECT_GE(all.size(), 120U);
  for (const Broken& broken : all) {
    const auto found = found_in(broken.job);
    ASSERT_FALSE(found.empty()) << broken.job;
    const Diagnostic& first = found.front();
    EXPECT_EQ(fmt::format("{}:{}", first.line, first.column), broken.at) << broken.job;
    EXPECT_EQ(first.key, broken.key) << broken.job;
    EXPECT_THAT(first.hint.empty() ? first.message : first.hint, testing::HasSubstr(broken.hint))
        << broken.job;
  }
}

TEST_F(BrokenJobs, AreRefusedByTheSchemaToo) {
  std::vector<Broken> all = corpus();
  std::erase_if(all, [](const Broken& each) { return !tree_of(each.job); });
  std::vector<std::string> documents;
  for (const Broken& each : all) documents.push_back(as_json(*tree_of(each.job)));
  const std::vector<bool> verdicts = accepted(documents);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].only_parser == "a rule of YAML") continue;  // the tree does not show it
    EXPECT_EQ(verdicts[i], !all[i].only_parser.empty()) << all[i].job;
  }
}

TEST_F(Schema, AcceptsEveryExample) {
  std::vector<std::string> documents;
  for (const JobKey& key : job_keys()) {
    const std::size_t dot = key.path.find('.');
    const std::string leaf(key.path.substr(dot == key.path.npos ? 0 : dot + 1));
    for (const std::string& value : {example_of(key), std::string("null")}) {
      const std::string line = fmt::format("{{{}: {}}}", leaf, value);
      const auto section = std::string(key.path.substr(0, dot));
      const std::string text =
          dot == key.path.npos ? line : fmt::format("{{{}: {}}}", section, line);
      documents.push_back(value_as_json(text));
    }
  }
  const std::vector<bool> verdicts = accepted(documents);
  for (std::size_t i = 0; i < documents.size(); ++i) EXPECT_TRUE(verdicts[i]) << documents[i];
}

// A job with every key but those that exclude others, in lines "section", "  key: value".
std::vector<std::string> whole_job() {
  std::vector<std::string> lines;
  std::string section;
  for (const JobKey& key : job_keys()) {
    const std::size_t dot = key.path.find('.');
    if (dot == key.path.npos) {
      lines.push_back(fmt::format("{}: {}", key.path, example_of(key)));
      continue;
    }
    if (section != key.path.substr(0, dot)) {
      section = key.path.substr(0, dot);
      lines.push_back(section + ":");
    }
    const bool is_left_out = key.path == "provider.ca_file" || key.path == "execution.queue";
    lines.push_back(
        fmt::format("  {}: {}", key.path.substr(dot + 1), is_left_out ? "null" : example_of(key)));
  }
  return lines;
}

// A value a line.
std::vector<std::string> other_values() {
  std::istringstream lines(text_of(kSource / "tests/pipeline/job/fixtures/other_values.txt"));
  std::vector<std::string> values;
  for (std::string line; std::getline(lines, line);) values.push_back(line);
  return values;
}

// Changes a value, misspells a key, moves a line to another section, or removes a line.
std::string mutated(std::vector<std::string> lines, std::mt19937& random) {
  static const std::vector<std::string> values = other_values();
  const auto pick = [&random](std::size_t size) { return random() % size; };
  for (std::size_t changes = 1 + pick(2); changes > 0; --changes) {
    const std::size_t at = pick(lines.size());
    std::string& line = lines[at];
    const std::size_t colon = line.find(':');
    const std::size_t kind = pick(8);
    if (kind < 5) {
      if (line.starts_with("  url:")) continue;  // would become a secret of this process
      const bool is_section = colon + 1 == line.size();
      if (is_section && pick(4) != 0) continue;
      line = line.substr(0, colon + 1) + " " + values[pick(values.size())];
    } else if (kind == 5) {
      line.erase(line.find_first_not_of(' ') + pick(3), 1);
    } else if (kind == 6) {
      std::swap(line, lines[pick(lines.size())]);
    } else {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Whether only the parser refuses it: the list of schema.h.
bool is_only_of_parser(const Diagnostic& found, const std::string& text) {
  const std::vector<std::string_view> words{"expected a duration",
                                            "expected forever or a duration",
                                            "expected a size",  // ranges; the form is checked below
                                            "given twice",
                                            "there is no such file",
                                            "the file is empty",
                                            "no users:",
                                            "environment variable",
                                            "is not a username",
                                            "base_url is missing",
                                            "an address",
                                            "valid host",
                                            "a port",
                                            "wrong port",
                                            "wrong database",
                                            "looked for"};
  if (std::ranges::any_of(
          words, [&](auto word) { return found.message.find(word) != found.message.npos; })) {
    return true;
  }
  std::istringstream lines(text);  // 8.0 and 1e3 for a whole number
  std::string line;
  for (int i = 0; i < found.line && std::getline(lines, line); ++i) {
  }
  return line.ends_with(" 8.0") || line.ends_with(" 1e3");
}

TEST_F(Schema, AgreesWithTheParserOnMutations) {
  write("users.txt", "octocat\n");
  variables["GITHUB_TOKEN"] = "abc";
  variables["PING_URL"] = "https://example.com/ping";
  std::mt19937 random(16);
  const std::vector<std::string> lines = whole_job();
  std::vector<std::string> jobs{fmt::format("{}\n", fmt::join(lines, "\n"))};
  EXPECT_THAT(shown(found_in(jobs[0])), testing::IsEmpty());
  while (jobs.size() <= 1000) {
    std::string text = mutated(lines, random);
    if (tree_of(text)) jobs.push_back(std::move(text));
  }
  std::vector<std::string> documents;
  for (const std::string& text : jobs) documents.push_back(as_json(*tree_of(text)));
  const std::vector<bool> verdicts = accepted(documents);
  int refused_by_both = 0, accepted_by_both = 0;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto found = found_in(jobs[i]);
    if (!verdicts[i]) {
      EXPECT_FALSE(found.empty()) << "the schema refuses what the parser accepts:\n" << jobs[i];
      ++refused_by_both;
      continue;
    }
    if (found.empty()) ++accepted_by_both;
    for (const Diagnostic& each : found) {
      EXPECT_TRUE(is_only_of_parser(each, jobs[i])) << each.show() << "\n" << jobs[i];
    }
  }
  EXPECT_GE(refused_by_both, 300);
  EXPECT_GE(accepted_by_both, 100);
}

TEST(JobSchema, IsTheCommittedFile) {
  EXPECT_EQ(text_of(kSource / "configs/job.schema.json"), job_schema()) << "run scripts/docs";
}

}  // namespace
}  // namespace repopipe
