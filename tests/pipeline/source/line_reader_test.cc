#include "pipeline/source/username_file.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

using Entries = std::vector<std::pair<std::string, Position>>;

class Lines : public JobTest {
 protected:
  Entries entries(std::string_view text) const {
    const auto file = open_for_reading(write("list.txt", text));
    LineReader reader(ByteStream(file->number(), ReadFrom::start));
    Entries found;
    while (true) {
      const auto entry = reader.next();
      EXPECT_TRUE(entry);
      if (!entry || entry->text.empty()) return found;
      found.emplace_back(entry->text, entry->at);
    }
  }
};

TEST_F(Lines, HaveThePositionOfEachEntry) {
  EXPECT_EQ(entries("a\n\n  b # x\n# c\n\xC2\xA0"
                    "d\n"),
            (Entries{{"a", {1, 1}},
                     {"b", {3, 3}},
                     {"\xC2\xA0"
                      "d",
                      {5, 1}}}));
}

TEST_F(Lines, MayHaveAHashInsideAName) {
  EXPECT_EQ(entries("a#b #c\n"), (Entries{{"a#b", {1, 1}}}));
}

TEST_F(Lines, AreNoneInAFileOfComments) {
  EXPECT_EQ(entries(""), Entries{});
  EXPECT_EQ(entries("#\n#"), Entries{});
  EXPECT_EQ(entries("\xEF\xBB\xBF"), Entries{});
}

TEST_F(Lines, AreCompleteAcrossChunks) {
  for (std::size_t shift = 0; shift < 12; ++shift) {  // a chunk has 256 KiB
    std::string text = "#" + std::string(shift, '-') + "\n";
    std::size_t count = 0;
    for (; text.size() < (600 << 10); ++count)
      text += "user-" + std::to_string(100'000 + count) + "\n";
    const Entries found = entries(text);
    ASSERT_EQ(found.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(found[i].first, "user-" + std::to_string(100'000 + i));
      ASSERT_EQ(found[i].second, (Position{static_cast<int>(i) + 2, 1}));
    }
  }
}

}  // namespace
}  // namespace repopipe
