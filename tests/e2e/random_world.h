// An API of a few accounts that changes between runs and gives false responses by a script.  The
// truth is known, so a test can compare the database with it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace repopipe::e2e {

// What happens to the requests for one account during one run.
enum class Lie {
  none,
  broken_twice,    // 502, then the truth
  cut_once,        // a connection that breaks in the middle of a body
  missing_once,    // the API's own 404, then the truth
  empty_once,      // an empty list, then the truth
  empty,           // an empty list, each time
  no_content,      // 204
  conflict,        // 409
  proxy_page,      // 404 with a page of HTML
  message_object,  // 200 with an object
  forbidden,       // the API's own 403
  partial,         // the last repositories are missing, and a header says so
  no_owner,        // one record without an owner
};

// Threading: `answer` from any thread; the rest between runs.
class RandomWorld {
 public:
  struct Account {
    std::string login;         // now
    std::string listed_login;  // as the job spells it
    bool exists = true;
    std::set<std::int64_t> repos{};
    Lie lie = Lie::none;
    int lied = 0;            // false responses in this run
    bool was_asked = false;  // in this run
    int empty_nights = 0;    // runs in a row that got an empty list
  };

  explicit RandomWorld(unsigned seed);

  std::vector<std::string> logins() const;
  const std::map<std::int64_t, Account>& accounts() const { return accounts_; }

  // A day passes: repositories come and go, accounts go and are renamed.
  void change();
  // Creates the next script; without lies all responses are true.
  void begin_night(bool with_lies);
  // The whole HTTP response.
  std::string answer(const std::string& head);

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  Lie pick_lie();
  Account* find(const std::string& path, std::int64_t& id);
  std::string list(std::int64_t id, Account& account, const std::string& target,
                   const std::string& head);
  std::string lie_about(Account& account);

  std::mt19937 random_;
  std::mutex mutex_;
  std::map<std::int64_t, Account> accounts_;
  std::int64_t next_repo_ = 1;
  int unreachable_ = 0;  // so many requests get 503
};

}  // namespace repopipe::e2e
