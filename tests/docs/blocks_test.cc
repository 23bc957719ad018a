// Every command of README.md and docs/guide.md runs, against the simulator, and prints what the
// document says.
#include "tests/docs/blocks.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <regex>

#include "tests/e2e/process.h"
#include "tests/e2e/temp_folder.h"

namespace repopipe::docs {
namespace {

using e2e::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool is_free(int port) {
  const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int failed = bind(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  close(handle);
  return failed == 0;
}

// Below the ports that the system gives to other tests, and different for each process.
int free_port(int after) {
  constexpr int kFirst = 20000, kCount = 10000;
  int port = after == 0 ? kFirst + getpid() * 8 % kCount : after + 1;
  while (!is_free(port)) ++port;
  return port;
}

// The document with ports that are free, instead of 8080 and 8081.
std::string with_free_ports(std::string text) {
  const int first = free_port(0);
  text = std::regex_replace(text, std::regex("8080"), std::to_string(first));
  return std::regex_replace(text, std::regex("8081"), std::to_string(free_port(first)));
}

// A folder of the sources with a build, an empty home, and what the commands print.
class Session {
 public:
  explicit Session(const std::string& document)
      : blocks_(blocks_in(with_free_ports(e2e::read_file(kSources / document)))) {
    for (const std::string name : {"home", "outputs", "sources/build"}) {
      std::filesystem::create_directories(folder_ / name);
    }
    std::filesystem::create_directory_symlink(REPOPIPE_BINARY_DIR,
                                              folder_ / "sources/build/release");
  }

  const std::vector<Block>& blocks() const { return blocks_; }

  e2e::Ended run() {
    return e2e::run({.arguments = {"/bin/bash"},
                     .environment = {{"HOME", folder_ / "home"}},
                     .folder = folder_ / "sources",
                     .input = session_of(blocks_, folder_ / "outputs")});
  }

  // Of all commands so far.
  std::string outputs() const {
    std::string all;
    for (std::size_t i = 0; i < blocks_.size(); ++i) all += output_of(i);
    return all;
  }

  // The name of the home is `~`.
  std::string output_of(std::size_t block) const {
    const std::string text = e2e::read_file(folder_ / ("outputs/" + std::to_string(block)));
    return std::regex_replace(text, std::regex((folder_ / "home").string()), "~");
  }

 private:
  inline static const std::filesystem::path kSources = REPOPIPE_SOURCE_DIR;

  TempFolder folder_;
  std::vector<Block> blocks_;
};

class Documents : public ::testing::TestWithParam<std::string> {};

TEST_P(Documents, CommandsRunAndPrintWhatIsSaid) {
  Session session(GetParam());
  const std::vector<Block>& blocks = session.blocks();
  ASSERT_EQ(mistakes_in(blocks), "");
  const e2e::Ended ended = session.run();
  ASSERT_EQ(ended.exit_code, 0) << session.outputs();
  std::size_t run = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks[i].reason.empty()) continue;
    if (blocks[i].language == "sh") ++run;
    if (blocks[i].language != "text") continue;
    EXPECT_TRUE(is_output(blocks[i].text, session.output_of(i - 1)))
        << "line " << blocks[i].line << ":\n"
        << blocks[i].text << "is not in\n"
        << session.output_of(i - 1);
  }
  EXPECT_GE(run, 4u);
}

INSTANTIATE_TEST_SUITE_P(, Documents, ::testing::Values("README.md", "docs/guide.md"),
                         [](const auto& name) {
                           return name.param == "README.md" ? "Readme" : "Guide";
                         });

TEST(Blocks, HaveTheirLanguageTextAndReason) {
  const auto blocks = blocks_in("a\n```sh\nls\n```\n<!-- not run: needs root -->\n```\nb\n```\n");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].language, "sh");
  EXPECT_EQ(blocks[0].text, "ls\n");
  EXPECT_EQ(blocks[0].reason, "");
  EXPECT_EQ(blocks[1].reason, "needs root");
  EXPECT_EQ(mistakes_in(blocks), "");
}

TEST(Blocks, WithoutAMarkAreMistakes) {
  EXPECT_EQ(mistakes_in(blocks_in("```\nls\n```\n")), "line 1: not marked: \n");
  EXPECT_EQ(mistakes_in(blocks_in("\n```sql\nSELECT 1\n```\n")), "line 2: not marked: sql\n");
  EXPECT_EQ(mistakes_in(blocks_in("```yaml\na: 1\n```\n")), "line 1: a file without name\n");
  EXPECT_EQ(mistakes_in(blocks_in("```text\na\n```\n")), "line 1: no command above\n");
  EXPECT_EQ(mistakes_in(blocks_in("<!-- not run: no -->\n```\na\n```\n")),
            "line 2: the reason is short\n");
}

TEST(Blocks, RunInOneSessionThatEndsAtTheFirstFailure) {
  const TempFolder folder;
  const auto blocks = blocks_in(
      "```yaml\n# a.yaml\nb: $c\n```\n```sh\nx=1\ncat a.yaml\n```\n```sh\necho $x\nfalse\n```\n"
      "```sh\necho never\n```\n");
  const e2e::Ended ended = e2e::run({.arguments = {"/bin/bash"},
                                     .folder = folder.path(),
                                     .input = session_of(blocks, folder.path())});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(e2e::read_file(folder / "1"), "# a.yaml\nb: $c\n");
  EXPECT_EQ(e2e::read_file(folder / "2"), "1\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "3"));
}

TEST(Blocks, OutputIsComparedWithoutNumbers) {
  EXPECT_TRUE(is_output("a 1.5 s\nb 7\n", "first\na 300 ms, more\nb 12,345\n"));
  EXPECT_FALSE(is_output("a\nb\n", "b\na\n"));
  EXPECT_FALSE(is_output("a\na\n", "a\n"));
  EXPECT_FALSE(is_output("ok\n", "not ok\n"));
}

}  // namespace
}  // namespace repopipe::docs
