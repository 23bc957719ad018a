#include "storage/left_over_first.h"

#include <gmock/gmock.h>

#include "tests/storage/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;

// Each inner vector is a block.
class Blocks final : public KeySource {
 public:
  explicit Blocks(std::vector<std::vector<std::string>> blocks) : blocks_(std::move(blocks)) {}

  Result<std::vector<Key>> next_block() override {
    std::vector<Key> block;
    if (next_ == blocks_.size()) return block;
    for (const std::string& login : blocks_[next_]) block.push_back(Key{login});
    ++next_;
    return block;
  }

 private:
  std::vector<std::vector<std::string>> blocks_;
  std::size_t next_ = 0;
};

class LeftOverFirstTest : public StoreTest {};

TEST_F(LeftOverFirstTest, ReadsEveryUserOnceAndThoseNotReachedFirst) {
  begin(0);
  ASSERT_TRUE(write({bare("Anna", on_day(0), Outcome::ok), bare("ben", on_day(0), Outcome::failed),
                     bare("dora", on_day(0), Outcome::abandoned)}));
  const std::vector<std::vector<std::string>> users{
      {"anna", "carl"}, {"ben"}, {"dora", "BEN", "eve"}};
  Blocks first(users);
  Blocks second(users);
  LeftOverFirst keys(first, second, std::move(*open_reader(database_path())), run_id_);
  std::vector<std::string> read;
  for (;;) {
    const auto block = keys.next_block();
    ASSERT_TRUE(block) << block.error().message;
    if (block->empty()) break;
    for (const Key& key : *block) read.push_back(key.login);
  }
  EXPECT_THAT(read, ElementsAre("carl", "dora", "eve", "anna", "ben", "BEN"));
}

}  // namespace
}  // namespace repopipe
