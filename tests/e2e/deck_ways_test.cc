// The same outcome for the same response, in every way of running: the whole deck of responses,
// served to the program over loopback, a user for each card.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/nightly.h"
#include "tests/e2e/queue_world.h"
#include "tests/e2e/rows.h"
#include "tests/stages/providers/github/github_deck.h"
#include "tests/testing/gzip.h"
#include "tests/testing/http_server.h"
#include "tests/testing/redis_server.h"

namespace repopipe::e2e {
namespace {

using repopipe::testing::Card;
using repopipe::testing::HttpServer;
using repopipe::testing::RedisServer;

std::string replaced_all(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

// The card's response, with repositories and an account of its user's own.
std::string bytes_of(const Card& card, const std::string& login, int number) {
  std::string body(card.body);
  body = replaced_all(body, R"("id":1,)", R"("id":)" + std::to_string(1000 + number) + ",");
  body = replaced_all(body, R"("id":7,"login":"o")",
                      R"("id":)" + std::to_string(5000 + number) + R"(,"login":")" + login + '"');
  std::string headers =
      "Connection: close\r\n" + replaced_all(std::string(card.headers), "\n", "\r\n");
  if (!headers.ends_with("\r\n")) headers += "\r\n";
  if (card.wire != testing::Wire::plain) {
    headers += "Content-Encoding: gzip\r\n";
    body = testing::gzip(body);
  }
  if (card.wire == testing::Wire::cut_gzip) body.resize(body.size() / 2);
  const bool has_body = card.status >= 200 && card.status != 204 && card.status != 304;
  if (has_body) headers += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return "HTTP/1.1 " + std::to_string(card.status) + " Card\r\n" + headers + "\r\n" +
         (has_body ? body : "");
}

// A card that only its own user meets; the others hold up or end a whole run.
bool is_of_one_user(const Card& card) {
  const std::string_view outcome = card.outcome;
  return outcome.find("principal") == outcome.npos && outcome.find("everybody") == outcome.npos;
}

// Cards for the first page of a list.  What no HTTP client takes for a response is no card here.
std::vector<Card> cards_of(bool of_one_user) {
  std::vector<Card> cards;
  for (const auto all : {testing::answers(), testing::refusals()}) {
    for (const Card& card : all) {
      const bool is_first =
          card.asked == testing::Asked::page || card.asked == testing::Asked::full_page;
      const bool is_final = card.status >= 200 && card.status <= 599;
      if (is_first && is_final && is_of_one_user(card) == of_one_user) cards.push_back(card);
    }
  }
  return cards;
}

// A page after the first one of a list; empty: the request is for another.
std::string page_behind(const std::string& head) {
  for (int page = 2; page < 10; ++page) {
    const std::string number = std::to_string(page);
    if (head.find("page=" + number + " ") == head.npos) continue;
    return testing::response("200 OK", "Content-Type: application/json\r\n",
                             R"([{"id":900)" + number + R"(,"name":"p","full_name":"o/p)" + number +
                                 R"(","owner":{"id":7,"login":"o"}}])");
  }
  return {};
}

// Serves card n to the user "card-n", and an empty list to all others.
class DeckApi {
 public:
  explicit DeckApi(std::vector<Card> cards)
      : cards_(std::move(cards)),
        server_([this](const std::string& head) { return answer(head); }) {}

  // A normal user follows each card, so that the API never fails for all users.
  std::vector<std::string> logins() const {
    std::vector<std::string> logins;
    for (std::size_t i = 0; i < cards_.size(); ++i) {
      if (cards_.size() > 1) logins.push_back("good-" + std::to_string(i));
      logins.push_back("card-" + std::to_string(i));
    }
    return logins;
  }
  std::string base_url() const { return server_.base_url(); }

 private:
  std::string answer(const std::string& head) const {
    const std::string begin = "GET /users/card-";
    if (const std::string page = page_behind(head); !page.empty()) return page;
    if (!head.starts_with(begin) || head.find("&page=1 ") == head.npos) {
      return testing::response("200 OK", "Content-Type: application/json\r\n", "[]");
    }
    const int number = std::stoi(head.substr(begin.size()));
    return bytes_of(cards_[static_cast<std::size_t>(number)], "card-" + std::to_string(number),
                    number);
  }

  std::vector<Card> cards_;
  HttpServer server_;
};

using Way = std::vector<std::string>;

Way of(const std::vector<std::string>& settings) {
  Way way{"--quiet"};
  for (const std::string& setting : settings) way.insert(way.end(), {"--set", setting});
  return way;
}

// Exit code, and what became of each user and repository.
std::vector<std::string> result_of(const DeckApi& api, Way way, const std::string& wait) {
  Nightly nightly(api.base_url(), api.logins());
  for (const std::string& setting : {std::string("fetch.attempts=2"),
                                     std::string("fetch.concurrency=1"), "run.max_wait=" + wait}) {
    way.insert(way.end(), {"--set", setting});
  }
  const Ended ended = nightly.run(way);
  std::vector<std::string> result{"exit code " + std::to_string(ended.exit_code)};
  for (const char* sql :
       {"SELECT login, outcome, repos, skipped, pages, error FROM run_users ORDER BY login",
        "SELECT id, full_name, owner_id, gone_since FROM repos ORDER BY id"}) {
    for (const Row& row : query(nightly.database(), sql)) {
      std::string line;
      for (const std::string& cell : row) line += cell + "|";
      result.push_back(line);
    }
  }
  std::ranges::sort(result);
  return result;
}

class DeckWays : public ::testing::Test {
 protected:
  void compare(const DeckApi& api, const std::string& wait, const std::string& card) {
    const Worker worker({.queue = redis_.url(), .base_url = api.base_url()});
    const auto expected = result_of(api, of({"fetch.engine=event_loop"}), wait);
    const std::map<std::string, Way> ways{{"threads", of({"fetch.engine=threads"})},
                                          {"processes", of({"execution.processes=2"})},
                                          {"queue", of({"execution.queue=" + redis_.url()})}};
    for (const auto& [name, way] : ways) {
      const auto got = difference(result_of(api, way, wait), expected);
      EXPECT_EQ(got, std::vector<std::string>()) << name << " " << card;
    }
  }

 private:
  RedisServer redis_;
};

TEST_F(DeckWays, AgreeOnEveryResponseToOneUser) {
  const auto cards = cards_of(true);
  ASSERT_GT(cards.size(), 100U);
  compare(DeckApi(cards), "10s", "");
}

// Each card in a run of its own.
TEST_F(DeckWays, AgreeOnEveryResponseThatConcernsEverybody) {
  const auto cards = cards_of(false);
  ASSERT_GT(cards.size(), 40U);
  for (const Card& card : cards) compare(DeckApi({card}), "0s", std::string(card.name));
}

}  // namespace
}  // namespace repopipe::e2e
