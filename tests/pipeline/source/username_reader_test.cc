#include "pipeline/source/subject_source.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

class Reader : public JobTest {
 protected:
  UserList list(std::string_view text) const {
    auto file = open_for_reading(write("users.txt", text));
    return {.inline_entries = {}, .file = std::move(*file), .file_name = "users.txt", .count = 0};
  }
};

TEST_F(Reader, GivesBlocksOf256) {
  UserList users = list("");
  for (int i = 0; i < 300; ++i) users.inline_entries.push_back("user-" + std::to_string(i));
  UsernameReader reader(users);
  EXPECT_EQ(reader.next_block()->size(), 256U);
  EXPECT_EQ(reader.next_block()->size(), 44U);
  EXPECT_EQ(reader.next_block()->size(), 0U);
  EXPECT_EQ(reader.next_block()->size(), 0U);
}

TEST_F(Reader, FillsABlockFromBothLists) {
  UserList users = list("b\nc\n");
  users.inline_entries = {"a"};
  UsernameReader reader(users);
  EXPECT_EQ(*reader.next_block(), (std::vector<Subject>{{"a"}, {"b"}, {"c"}}));
  EXPECT_TRUE(reader.next_block()->empty());
}

TEST_F(Reader, AnEmptyListEndsAtOnce) {
  const UserList users;
  EXPECT_TRUE(UsernameReader(users).next_block()->empty());
}

TEST_F(Reader, TwoReadersDoNotDisturbEachOther) {
  const UserList users = list("a\nb\n");
  UsernameReader one(users), two(users);
  EXPECT_EQ(*one.next_block(), (std::vector<Subject>{{"a"}, {"b"}}));
  EXPECT_EQ(*two.next_block(), (std::vector<Subject>{{"a"}, {"b"}}));
}

TEST_F(Reader, AListThatBecameInvalidIsAFailure) {
  const UserList users = list("a\nb c\n");
  const auto block = UsernameReader(users).next_block();
  ASSERT_FALSE(block);
  EXPECT_EQ(block.error(),
            (Failure{FailureKind::job,
                     "users.txt:2:1: \"b c\" is not a username: a username has no blanks; write "
                     "each as an entry of its own"}));
}

}  // namespace
}  // namespace repopipe
