#include "tests/simulator/identity.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "tests/simulator/random.h"

namespace repopipe::simulator {
namespace {

constexpr std::uint64_t kNamingStream = 0x9a3e;
constexpr std::string_view kPrefix = "new-";  // no generated login has this prefix

// Ids have gaps, so the next id is free.
constexpr std::uint64_t kStrangerId = 1;

Account renamed(Account account) {
  account.login.insert(0, kPrefix);
  return account;
}

Account stranger_of(const Account& account) {
  return {.ordinal = kFirstStranger + account.ordinal,
          .id = account.id + kStrangerId,
          .login = account.login};
}

bool is_renamed(Naming naming) {
  return naming == Naming::redirect || naming == Naming::lost || naming == Naming::taken;
}

bool begins_with_prefix(std::string_view login) {
  const auto same = [](char left, char right) {
    return left == std::tolower(static_cast<unsigned char>(right));
  };
  return login.size() > kPrefix.size() &&
         std::equal(kPrefix.begin(), kPrefix.end(), login.begin(), same);
}

}  // namespace

std::string_view name_of(Naming naming) {
  switch (naming) {
    case Naming::same:
      return "same";
    case Naming::redirect:
      return "redirect";
    case Naming::lost:
      return "lost";
    case Naming::taken:
      return "taken";
    case Naming::gone:
      return "gone";
  }
  return "";
}

RenamedSource::RenamedSource(std::unique_ptr<Source> inner, std::uint64_t seed,
                             const NameRates& rates)
    : inner_(std::move(inner)), seed_(seed), rates_(rates) {}

Naming RenamedSource::naming(const Account& account) const {
  const std::uint64_t hash = mix(mix(seed_, kNamingStream), account.id);
  const double draw = unit_interval(hash) * 100;
  if (draw < rates_.gone_percent) return Naming::gone;
  if (draw >= rates_.gone_percent + rates_.renamed_percent) return Naming::same;
  constexpr Naming kKinds[] = {Naming::redirect, Naming::lost, Naming::taken};
  return kKinds[mix(hash) % 3];
}

std::optional<Account> RenamedSource::find(const AccountKey& key) const {
  if (const Login* login = std::get_if<Login>(&key)) return by_login(login->text);
  if (const NumericId* id = std::get_if<NumericId>(&key)) return by_id(id->value);
  auto account = inner_->find(key);
  if (account && is_renamed(naming(*account))) return renamed(std::move(*account));
  return account;
}

std::optional<Account> RenamedSource::by_login(std::string_view login) const {
  if (auto account = inner_->find(Login{login})) {
    switch (naming(*account)) {
      case Naming::same:
        return account;
      case Naming::redirect:
        account = renamed(std::move(*account));
        account->by_former_login = true;
        return account;
      case Naming::taken:
        return stranger_of(*account);
      case Naming::lost:
      case Naming::gone:
        return std::nullopt;
    }
  }
  if (!begins_with_prefix(login)) return std::nullopt;
  auto account = inner_->find(Login{login.substr(kPrefix.size())});
  if (!account || !is_renamed(naming(*account))) return std::nullopt;
  return renamed(std::move(*account));
}

std::optional<Account> RenamedSource::by_id(std::uint64_t id) const {
  if (auto account = inner_->find(NumericId{id})) {
    const Naming kind = naming(*account);
    if (kind == Naming::gone) return std::nullopt;
    return is_renamed(kind) ? renamed(std::move(*account)) : std::move(account);
  }
  const auto former = inner_->find(NumericId{id - kStrangerId});
  if (!former || naming(*former) != Naming::taken) return std::nullopt;
  return stranger_of(*former);
}

std::uint64_t RenamedSource::append(const Account& account, Range range, std::string& out) const {
  return inner_->append(account, range, out);
}

std::vector<Account> RenamedSource::members(const Account& account) const {
  std::vector<Account> members;
  for (const Account& member : inner_->members(account)) {
    if (auto found = by_id(member.id)) members.push_back(std::move(*found));
  }
  return members;
}

void RenamedSource::list(std::ostream& out) const {
  for (std::uint64_t ordinal = 0;; ++ordinal) {
    const auto account = inner_->find(Ordinal{ordinal});
    if (!account) break;
    const Naming kind = naming(*account);
    if (kind == Naming::same) continue;
    out << account->login << " " << (kind == Naming::gone ? "-" : renamed(*account).login) << " "
        << account->id << " " << name_of(kind) << "\n";
  }
  out << std::flush;
}

}  // namespace repopipe::simulator
