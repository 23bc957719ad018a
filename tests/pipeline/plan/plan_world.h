// Shared by Plan's tests: a provider, times and task results.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/text.h"
#include "pipeline/plan/plan.h"

namespace repopipe::testing {

inline Time at(Duration since_start) {
  return Time{} + since_start;
}

inline constexpr std::array kRepoFields{
    Field{"id", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, ""},
    Field{"owner.id", "owner_id", FieldType::integer, Presence::required, Role::account_id,
          Identity::no, ""},
    Field{"owner.login", "owner_login", FieldType::text, Presence::required, Role::account_login,
          Identity::no, ""}};
inline constexpr Resource kRepositories{.id = kRepositoriesId,
                                        .name = "repositories",
                                        .table = "repos",
                                        .item = "repo",
                                        .fields = kRepoFields,
                                        .routes = {},
                                        .parent = {"owner_id"}};
// Whose list it is has to be asked for.
inline constexpr Resource kMembers{.id = 2,
                                   .name = "members",
                                   .table = "members",
                                   .item = "member",
                                   .fields = {},
                                   .routes = {},
                                   .parent = {"org_id"},
                                   .expands = true};

// Asks for "/LOGIN", "/user/ID" and "/user"; judges nothing.
class PlainProvider final : public Protocol {
 public:
  Request ask(const Question& question) const override {
    return std::visit(
        Match{[](const ListingOf& of) {
                return Request{.target = sized("/" + std::string(of.login), of.per_page)};
              },
              [](const ListingOfAccount& of) {
                return Request{.target = sized(number(of.account) + "/repos", of.per_page)};
              },
              [](const WhoHas& who) {
                return Request{.kind = RequestKind::account,
                               .target = "/who/" + std::string(who.login),
                               .page = 0};
              },
              [](const WhoIs& who) {
                return Request{
                    .kind = RequestKind::account, .target = number(who.account), .page = 0};
              },
              [](const WhoseToken&) {
                return Request{.kind = RequestKind::owner, .target = "/user", .page = 0};
              }},
        question);
  }
  const Resource& resource(int id) const override {
    return id == kRepositoriesId ? kRepositories : kMembers;
  }
  bool knows_numbers(int) const override { return true; }
  Verdict judge(const Task&, const Response&, std::string_view) const override {
    return {.meaning = InBody{}};
  }
  Result<Answer> read(const Task& task, const Response&, PaddedText, JsonScratch&) const override {
    return PageRead{{.number = task.request.page}};
  }

 private:
  static std::string number(std::int64_t account) { return "/user/" + std::to_string(account); }
  static std::string sized(std::string target, int per_page) {
    return per_page == 0 ? target : target + "?" + std::to_string(per_page);
  }
};

inline const PlainProvider kPlainProvider;

// So many logins, "user-0" and on.
inline std::vector<std::string> many(int count) {
  std::vector<std::string> logins;
  for (int i = 0; i < count; ++i) logins.push_back("user-" + std::to_string(i));
  return logins;
}

// So many tokens, "t0" and on.
inline std::vector<Principal> tokens(int count) {
  std::vector<Principal> all;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    all.push_back(
        {.identity = "identity-" + number, .name = "t" + number, .reference = "env:T" + number});
  }
  return all;
}

// The waits of a plan so far.
inline Waited waited(const Plan& plan, WaitCause cause) {
  return plan.end().times.waits[static_cast<std::size_t>(cause)];
}

// A plan for exactly these users.
inline Plan plan_for(const std::vector<std::string>& logins, PlanOptions options = {}) {
  Plan plan(options, kPlainProvider, Time{});
  std::vector<Subject> subjects;
  for (const std::string& login : logins) subjects.push_back({.login = login});
  plan.offer(std::move(subjects));
  return plan;
}

// One repository of that account.
inline RecordBatch one_repo(std::int64_t owner = 1, std::string_view login = "somebody") {
  RecordBatch rows(kRepoFields);
  rows.add_integer(1);
  rows.add_integer(owner);
  rows.add_text(login);
  return rows;
}

// The result of a task: a page, with follow-up pages up to `last`.
inline TaskResult page(const Task& task, int last = 1) {
  PageRead listed{{.number = task.request.page, .rows = one_repo()}};
  for (int number = task.request.page + 1; number <= last; ++number) {
    listed.follow_ups.push_back(
        {.target = task.request.target, .page = number, .last_announced = last});
  }
  return {
      .task = task, .log = {.page = task.request.page, .status = 200}, .result = std::move(listed)};
}

inline TaskResult failure(const Task& task, FailureKind kind, int status = 0) {
  return {.task = task,
          .log = {.page = task.request.page, .status = status},
          .result = fail(kind, task.login + ": " + std::string(policy_of(kind).name))};
}

// Takes the next action of that kind; throws std::bad_variant_access for another.
template <class Kind>
Kind step(Plan& plan, Duration now = {}) {
  Action next = plan.next(at(now));
  while ((std::holds_alternative<ReadSubjects>(next) && !std::is_same_v<Kind, ReadSubjects>) ||
         (std::holds_alternative<CancelQueued>(next) && !std::is_same_v<Kind, CancelQueued>)) {
    if (std::holds_alternative<ReadSubjects>(next)) plan.offer({});
    next = plan.next(at(now));
  }
  return std::get<Kind>(std::move(next));
}

inline Task sent(Plan& plan, Duration now = {}) {
  return step<Send>(plan, now).task;
}

// Completes the requests for the owners of the tokens, which come first; needs two tokens or more.
inline void learn_owners(Plan& plan, const std::vector<std::int64_t>& owners) {
  for (const std::int64_t owner : owners) {
    const Task task = sent(plan);
    plan.complete({.task = task,
                   .log = {.page = 0, .status = 200},
                   .result = Account{owner, "owner-" + std::to_string(owner)}},
                  at(Duration{}));
  }
  while (true) {
    Action next = plan.next(at(Duration{}));
    if (!std::holds_alternative<Notice>(next)) {
      const Listing listing = std::get<Write>(next).listing;
      plan.committed(listing.subject, Stored{.outcome = Outcome::abandoned}, at(Duration{}));
      return;
    }
  }
}

// Takes the next listing of the plan and reports it as stored.
inline Listing stored(Plan& plan, Duration now = {}) {
  Listing listing = step<Write>(plan, now).listing;
  plan.committed(listing.subject, Stored{.login = listing.login, .outcome = listing.outcome},
                 at(now));
  return listing;
}

}  // namespace repopipe::testing
