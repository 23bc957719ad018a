#include <gmock/gmock.h>

#include "storage/store/resume_filter.h"
#include "tests/storage/store/listed_subjects.h"
#include "tests/storage/store/store_fixture.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;

class LeftOverFirstTest : public StoreTest {};

TEST_F(LeftOverFirstTest, ReadsEachUserOnceAndThoseWithoutARowFirst) {
  begin(0);
  ASSERT_TRUE(write({bare("Anna", on_day(0), Outcome::ok), bare("ben", on_day(0), Outcome::failed),
                     bare("dora", on_day(0), Outcome::abandoned)}));
  const std::vector<std::vector<std::string>> users{
      {"anna", "carl"}, {"ben"}, {"dora", "BEN", "eve"}};
  ListedSubjects first(users);
  ListedSubjects second(users);
  LeftOverFirst keys(first, second, std::move(*open_reader(database_path())), run_id_);
  std::vector<std::string> read;
  for (;;) {
    const auto block = keys.next_block();
    ASSERT_TRUE(block) << block.error().message;
    if (block->empty()) break;
    for (const Subject& key : *block) read.push_back(key.login);
  }
  EXPECT_THAT(read, ElementsAre("carl", "dora", "eve", "anna", "ben", "BEN"));
}

}  // namespace
}  // namespace repopipe
