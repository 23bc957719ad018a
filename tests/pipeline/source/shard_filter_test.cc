#include "pipeline/source/subject_source.h"
#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {
namespace {

class ShardOfAList : public JobTest {
 protected:
  ShardOfAList() {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "user-" + std::to_string(i) + "\n";
    users.file = *open_for_reading(write("users.txt", text));
    users.file_name = "users.txt";
    users.inline_entries = {"octocat", "OctoCat"};
    users.count = 2002;
  }
  std::vector<Subject> subjects(Shard shard) const {
    UsernameReader all(users);
    ShardFilter share(all, shard);
    std::vector<Subject> read;
    for (;;) {
      const auto block = share.next_block();
      if (block->empty()) return read;
      read.insert(read.end(), block->begin(), block->end());
    }
  }

  UserList users;
};

TEST_F(ShardOfAList, EachUserIsInOneShard) {
  std::size_t sum = 0;
  for (std::uint32_t number = 1; number <= 3; ++number) {
    const auto share = subjects({number, 3});
    sum += share.size();
    for (const Subject& subject : share) EXPECT_TRUE((Shard{number, 3}.holds(subject.login)));
    EXPECT_EQ(*count_users(users, {number, 3}), share.size());
  }
  EXPECT_EQ(sum, 2002U);
  EXPECT_EQ(subjects({1, 1}).size(), 2002U);
  EXPECT_EQ(*count_users(users, {1, 1}), 2002U);
}

TEST_F(ShardOfAList, AnEmptyShardEndsAtOnce) {
  UserList one;
  one.inline_entries = {"octocat"};
  const std::uint32_t number = Shard{1, 2}.holds("octocat") ? 2 : 1;
  EXPECT_EQ(*count_users(one, {number, 2}), 0U);
  EXPECT_EQ(*count_users(one, {3 - number, 2}), 1U);
}

}  // namespace
}  // namespace repopipe
