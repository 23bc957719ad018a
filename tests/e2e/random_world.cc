#include "tests/e2e/random_world.h"

#include <algorithm>
#include <array>
#include <functional>

#include "tests/testing/http_server.h"

namespace repopipe::e2e {
namespace {

using testing::response;

constexpr int kAccountsOfWorld = 6;
constexpr std::int64_t kFirstAccount = 100;
const std::string kJson = "Content-Type: application/json\r\n";
const std::string kMissing = R"({"message":"Not Found"})";

int number_after(const std::string& text, const std::string& name, int otherwise) {
  const std::size_t at = text.find(name);
  return at == std::string::npos ? otherwise : std::stoi(text.substr(at + name.size()));
}

std::string record(std::int64_t repo, std::int64_t owner, const std::string& login, bool owned) {
  const std::string name = "r" + std::to_string(repo);
  return R"({"id":)" + std::to_string(repo) + R"(,"name":")" + name + R"(","full_name":")" + login +
         "/" + name + R"(","owner":)" +
         (owned ? R"({"id":)" + std::to_string(owner) + R"(,"login":")" + login + R"("}})"
                : "null}");
}

}  // namespace

RandomWorld::RandomWorld(unsigned seed) : random_(seed) {
  for (int i = 0; i < kAccountsOfWorld; ++i) {
    Account account{.login = "user" + std::to_string(i),
                    .listed_login = "user" + std::to_string(i)};
    for (int repos = below(8); repos > 0; --repos) account.repos.insert(next_repo_++);
    accounts_.emplace(kFirstAccount + i, std::move(account));
  }
}

std::vector<std::string> RandomWorld::logins() const {
  std::vector<std::string> logins;
  for (const auto& [id, account] : accounts_) logins.push_back(account.listed_login);
  return logins;
}

void RandomWorld::change() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, account] : accounts_) {
    if (below(3) == 0) account.repos.insert(next_repo_++);
    if (below(3) == 0 && !account.repos.empty()) {
      account.repos.erase(
          std::next(account.repos.begin(), below(static_cast<int>(account.repos.size()))));
    }
    if (below(20) == 0) account.exists = false;
    if (below(20) == 0) account.login = "new" + std::to_string(id);
  }
}

Lie RandomWorld::pick_lie() {
  return below(3) > 0 ? Lie::none : static_cast<Lie>(1 + below(static_cast<int>(Lie::no_owner)));
}

// Some events concern all accounts.
void RandomWorld::begin_night(bool with_lies) {
  const std::lock_guard lock(mutex_);
  const int kind = with_lies ? below(8) : 7;
  constexpr std::array kForAll{Lie::empty, Lie::proxy_page, Lie::forbidden, Lie::no_content};
  unreachable_ = kind == 4 ? 1 + below(8) : 0;
  for (auto& [id, account] : accounts_) {
    account.lie = !with_lies ? Lie::none
                  : kind < 4 ? kForAll[static_cast<std::size_t>(kind)]
                             : pick_lie();
    account.lied = 0;
    account.was_asked = false;
  }
}

RandomWorld::Account* RandomWorld::find(const std::string& path, std::int64_t& id) {
  for (auto& [number, account] : accounts_) {
    const bool is_login = path.starts_with("/users/" + account.login + "/");
    const std::string by_number = "/user/" + std::to_string(number);
    if (!is_login && path != by_number && !path.starts_with(by_number + "/")) continue;
    id = number;
    return &account;
  }
  return nullptr;
}

std::string RandomWorld::answer(const std::string& head) {
  const std::lock_guard lock(mutex_);
  const std::string target = head.substr(4, head.find(' ', 4) - 4);
  const std::string path = target.substr(0, target.find('?'));
  if (unreachable_ > 0) {
    --unreachable_;
    return response("503 Service Unavailable", "Content-Type: text/html\r\n",
                    "<html>back soon</html>");
  }
  for (auto& [id, account] : accounts_) {
    if (path.starts_with("/users/" + account.listed_login + "/")) account.was_asked = true;
  }
  std::int64_t id = 0;
  Account* const account = find(path, id);
  if (account == nullptr || !account->exists) return response("404 Not Found", kJson, kMissing);
  if (!path.ends_with("/repos")) {
    return response("200 OK", kJson,
                    R"({"id":)" + std::to_string(id) + R"(,"login":")" + account->login + R"("})");
  }
  const std::string lie = lie_about(*account);
  return lie.empty() ? list(id, *account, target, head) : lie;
}

// Empty: the truth, more or less.
std::string RandomWorld::lie_about(Account& account) {
  const int before = account.lied++;
  switch (account.lie) {
    case Lie::broken_twice:
      return before < 2 ? response("502 Bad Gateway", "", "<html>502</html>") : "";
    case Lie::cut_once:
      return before < 1
                 ? "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n[{\"id\":"
                 : "";
    case Lie::missing_once:
      return before < 1 ? response("404 Not Found", kJson, kMissing) : "";
    case Lie::empty_once:
      return before < 1 ? response("200 OK", kJson, "[]") : "";
    case Lie::empty:
      if (before == 0) ++account.empty_nights;
      return response("200 OK", kJson, "[]");
    case Lie::no_content:
      return "HTTP/1.1 204 No Content\r\n\r\n";
    case Lie::conflict:
      return response("409 Conflict", kJson, R"({"message":"Conflict"})");
    case Lie::proxy_page:
      return response("404 Not Found", "Content-Type: text/html\r\n", "<html>no route</html>");
    case Lie::message_object:
      return response("200 OK", kJson, R"({"message":"Server Error"})");
    case Lie::forbidden:
      return response("403 Forbidden", kJson, R"({"message":"Not with this token"})");
    case Lie::none:
    case Lie::partial:
    case Lie::no_owner:
      break;
  }
  return {};
}

std::string RandomWorld::list(std::int64_t id, Account& account, const std::string& target,
                              const std::string& head) {
  const int size = number_after(target, "per_page=", 30);
  const int page = number_after(target, "&page=", 1);
  std::vector<std::int64_t> repos(account.repos.begin(), account.repos.end());
  if (account.lie == Lie::partial) repos.resize(repos.size() / 2);
  const int last = std::max(1, (static_cast<int>(repos.size()) + size - 1) / size);
  std::string body = "[";
  for (int i = (page - 1) * size; i < std::min(page * size, static_cast<int>(repos.size())); ++i) {
    const bool owned = account.lie != Lie::no_owner || i != 0;
    body += (body.size() > 1 ? "," : "") +
            record(repos[static_cast<std::size_t>(i)], id, account.login, owned);
  }
  if (body.size() > 1) account.empty_nights = 0;
  body += "]";
  const std::string etag = "\"" + std::to_string(std::hash<std::string>()(body)) + "\"";
  std::string headers = kJson + "ETag: " + etag + "\r\n";
  if (account.lie == Lie::partial) headers += "X-GitHub-SSO: partial-results; organizations=7\r\n";
  const std::string link =
      "</user/" + std::to_string(id) + "/repos?per_page=" + std::to_string(size);
  if (page < last) {
    headers += "Link: " + link + "&page=" + std::to_string(page + 1) + ">; rel=\"next\", " + link +
               "&page=" + std::to_string(last) + ">; rel=\"last\"\r\n";
  }
  const bool is_known = head.find(etag) != std::string::npos;
  return is_known ? "HTTP/1.1 304 Not Modified\r\n" + headers + "\r\n"
                  : response("200 OK", headers, body);
}

}  // namespace repopipe::e2e
