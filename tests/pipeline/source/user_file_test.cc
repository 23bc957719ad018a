#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

#include "pipeline/source/username_file.h"
#include "tests/pipeline/job/job_fixture.h"
#include "tests/testing/sanitized.h"

namespace repopipe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kUserFileJob = "source: {usernames_file: users.txt}\n";
constexpr std::string_view kInputJob = "source: {usernames: [first], usernames_file: \"-\"}\n";

class UserFiles : public JobTest {
 protected:
  LoadedJob load_list(std::string_view list) const {
    write("job.yaml", kUserFileJob);
    write("users.txt", list);
    return load("job.yaml");
  }

  // Loads a job whose standard input is a pipe with `input` in it.
  LoadedJob load_from_pipe(const std::string& input) {
    write("job.yaml", kInputJob);
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const Descriptor reading(ends[0]);
    std::thread writer([&input, end = ends[1]] {
      const Descriptor writing(end);
      EXPECT_TRUE(write_all(writing, input));
    });
    standard_input = reading.number();
    LoadedJob loaded = load("job.yaml");
    writer.join();
    return loaded;
  }
};

// `count` logins, each followed by `separator` but the last.
std::string many(std::size_t count, std::string_view quote, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += fmt::format("{}{}user-{}{}", i == 0 ? "" : separator, quote, i, quote);
  }
  return text;
}

TEST_F(UserFiles, TextMayHaveCommentsBlanksAndAnyLineEnd) {
  const LoadedJob loaded = load_list(
      "\xEF\xBB\xBF# all of them\n\n  octocat  \r\n\ttorvalds\t# the one\n   # nobody\nOctocat\r\n"
      "app[bot]\nlast-one-");
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_THAT(logins_of(loaded.users),
              ElementsAre("octocat", "torvalds", "Octocat", "app[bot]", "last-one-"));
  EXPECT_EQ(loaded.users.count, 5U);
}

TEST_F(UserFiles, AJsonArrayIsAListToo) {
  const LoadedJob loaded =
      load_list("\xEF\xBB\xBF\n [\"octocat\",\"torvalds\"\r\n, \"app\\u005bbot]\"]\n");
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_THAT(logins_of(loaded.users), ElementsAre("octocat", "torvalds", "app[bot]"));
}

TEST_F(UserFiles, InlineUsersComeFirst) {
  write("users.txt", "third\nfirst\n");
  write("job.yaml", "source: {usernames_file: users.txt, usernames: [first, second]}\n");
  const LoadedJob loaded = load("job.yaml");
  EXPECT_EQ(loaded.users.count, 4U);
  EXPECT_THAT(logins_of(loaded.users), ElementsAre("first", "second", "third", "first"));
}

TEST_F(UserFiles, StandardInputIsReadInEitherForm) {
  for (const char* input : {"octocat\n# none\ntorvalds", "[\"octocat\", \"torvalds\"]"}) {
    const LoadedJob loaded = load_from_pipe(input);
    EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
    EXPECT_EQ(loaded.job.source.usernames_file, "-");
    EXPECT_THAT(logins_of(loaded.users), ElementsAre("first", "octocat", "torvalds"));
    EXPECT_THAT(logins_of(loaded.users), ElementsAre("first", "octocat", "torvalds"))
        << "a second time";
  }
}

TEST_F(UserFiles, StandardInputMayBeMoreThanAPipeHolds) {
  constexpr std::size_t kCount = 100'000;
  const LoadedJob loaded = load_from_pipe(many(kCount, "", "\n"));
  EXPECT_THAT(shown(loaded.diagnostics), IsEmpty());
  EXPECT_EQ(loaded.users.count, kCount + 1);
  EXPECT_EQ(logins_of(loaded.users).back(), "user-99999");
}

TEST_F(UserFiles, StandardInputIsNamedInErrors) {
  EXPECT_THAT(
      shown(load_from_pipe("octocat\n@torvalds\n").diagnostics),
      ElementsAre("standard input:2:1: \"@torvalds\" is not a username: leave out the @ and "
                  "write torvalds"));
  EXPECT_THAT(diagnostics_of("job.yaml", "source: {usernames_file: \"-\"}"),
              ElementsAre(HasSubstr("cannot be read")))
      << "no descriptor";
}

// As spreadsheets and shells of Windows write them, with and without a byte order mark.
TEST_F(UserFiles, AnotherEncodingIsNamed) {
  using namespace std::string_literals;
  for (const auto& [list, name] :
       std::vector<std::pair<std::string, std::string>>{{"\xFF\xFEo\0c\0t\0o\0\n\0"s, "UTF-16"},
                                                        {"\xFE\xFF\0o\0c\0t\0o\0\n"s, "UTF-16"},
                                                        {"o\0c\0t\0o\0\n\0"s, "UTF-16"},
                                                        {"\0o\0c\0t\0o\0\n"s, "UTF-16"},
                                                        {"\xFF\xFE\0\0o\0\0\0"s, "UTF-32"}}) {
    EXPECT_THAT(
        shown(load_list(list).diagnostics),
        ElementsAre(HasSubstr("it is " + name + ", not UTF-8; convert it: iconv -f " + name)));
  }
  EXPECT_THAT(diagnostics_of("job.yaml", "s\0o\0u\0r\0"s),
              ElementsAre(HasSubstr("it is UTF-16, not UTF-8")));
}

TEST_F(UserFiles, EmptyStandardInputIsAnError) {
  EXPECT_THAT(shown(load_from_pipe("# nobody\n").diagnostics),
              ElementsAre(HasSubstr("source.usernames_file is \"-\": it holds no usernames")));
}

TEST_F(UserFiles, NoTemporaryFileIsLeft) {
  const LoadedJob loaded = load_list("[\"octocat\"]");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("job.yaml", "users.txt"));
}

TEST_F(UserFiles, AMissingTemporaryFolderIsReported) {
  variables["TMPDIR"] = "/nowhere/at/all";
  const LoadedJob loaded = load_list("[\"octocat\"]");
  EXPECT_THAT(shown(loaded.diagnostics),
              ElementsAre(HasSubstr("cannot make a temporary file in /nowhere/at/all")));
}

TEST_F(UserFiles, TheFirstTwentyErrorsAreReported) {
  std::string list;
  for (int i = 0; i < 1234; ++i) list += fmt::format("@user-{}\n", i);
  const std::vector<std::string> text = shown(load_list(list).diagnostics);
  ASSERT_EQ(text.size(), 21U);
  EXPECT_THAT(text[19], HasSubstr("users.txt:20:1: \"@user-19\""));
  EXPECT_EQ(text[20],
            (folder / "users.txt").string() + ": and 1,214 more of its entries are not usernames");
  std::string names = "\"@a\"";
  for (int i = 0; i < 20; ++i) names += ", \"@a\"";
  const std::vector<std::string> inside =
      diagnostics_of("job.json", "{\"source\": {\"usernames\": [" + names + "]}}");
  ASSERT_EQ(inside.size(), 21U);
  EXPECT_EQ(inside[20], "job.json: and 1 more of its entries is not a username");
}

TEST_F(UserFiles, ALineHasALimit) {
  EXPECT_THAT(shown(load_list("octocat\n" + std::string(70'000, 'x')).diagnostics),
              ElementsAre(HasSubstr("line 2 is longer than 64 KiB")));
}

TEST_F(UserFiles, AMillionUsersAreNotHeldInMemory) {
  if (is_sanitized()) GTEST_SKIP() << "a sanitizer uses its own memory";
  constexpr std::size_t kCount = 1'000'000;
  for (const bool array : {false, true}) {
    std::string list = array ? "[" + many(kCount, "\"", ",\n") + "]" : many(kCount, "", "\n");
    write("users.txt", list);
    std::string().swap(list);
    rusage before{}, after{};
    ::getrusage(RUSAGE_SELF, &before);
    const LoadedJob loaded = [this] {
      write("job.yaml", kUserFileJob);
      return load("job.yaml");
    }();
    UsernameReader reader(loaded.users);
    std::size_t read = 0;
    for (auto block = reader.next_block(); block && !block->empty(); block = reader.next_block()) {
      EXPECT_LE(block->size(), 256U);
      read += block->size();
    }
    ::getrusage(RUSAGE_SELF, &after);
    EXPECT_EQ(read, kCount);
    EXPECT_EQ(loaded.users.count, kCount);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 4 << 10) << "KiB";
  }
}

}  // namespace
}  // namespace repopipe
