#include "tests/stages/providers/github/github_deck.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/stages/fetch/deal.h"

namespace repopipe {
namespace {

using testing::Card;

void play(std::span<const Card> cards) {
  for (const Card& card : cards) {
    EXPECT_EQ(testing::outcome_of(testing::deal(card.asked, response_of(card))), card.outcome)
        << card.name;
  }
}

TEST(GithubDeck, AnswersMeanWhatTheApiDocuments) {
  play(testing::answers());
}

TEST(GithubDeck, RefusalsMeanWhatTheApiDocuments) {
  play(testing::refusals());
}

TEST(GithubDeck, HasACardForEveryAnswerAndNoneTwice) {
  std::set<std::string_view> names;
  std::set<int> statuses;
  for (const auto cards : {testing::answers(), testing::refusals()}) {
    for (const Card& card : cards) {
      EXPECT_TRUE(names.insert(card.name).second) << card.name;
      statuses.insert(card.status);
    }
  }
  for (const int status :
       {200, 203, 204, 301, 302, 304, 307, 308, 401, 403, 404, 409, 410, 429, 451}) {
    EXPECT_TRUE(statuses.contains(status)) << status;
  }
}

}  // namespace
}  // namespace repopipe
