#include "storage/store/missing_repos.h"

#include <algorithm>

namespace repopipe {
namespace {

constexpr std::string_view kAnyMissing = "SELECT 1 FROM missing_repos WHERE run_id = ?1 LIMIT 1";

constexpr std::string_view kOfLogin =
    "SELECT repo_id, confirmed FROM missing_repos INDEXED BY missing_repos_by_user "
    "WHERE run_id = ?1 AND login = ?2 ORDER BY repo_id";

// Two logins may lead to one account: what both lists lack is missing.  Comes out the same in
// whatever order they are written.
constexpr std::string_view kAddMissing = R"sql(
INSERT INTO missing_repos (run_id, repo_id, login, missed_at, confirmed) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (run_id, repo_id) DO UPDATE SET login = min(login, excluded.login),
                                            missed_at = min(missed_at, excluded.missed_at),
                                            confirmed = 1)sql";

constexpr std::string_view kConfirmMissing =
    "UPDATE missing_repos SET confirmed = 1 WHERE run_id = ?1 AND repo_id = ?2";
constexpr std::string_view kConfirmAllMissing =
    "UPDATE missing_repos SET confirmed = 1 WHERE run_id = ?1 AND login = ?2 AND confirmed = 0";
constexpr std::string_view kDropMissing =
    "DELETE FROM missing_repos WHERE run_id = ?1 AND repo_id = ?2";

}  // namespace

MissingRepos::MissingRepos(Preparation& prepare, std::int64_t run_id)
    : run_id_(run_id),
      any_(prepare(kAnyMissing)),
      of_login_(prepare(kOfLogin)),
      add_(prepare(kAddMissing)),
      confirm_(prepare(kConfirmMissing)),
      confirm_all_(prepare(kConfirmAllMissing)),
      drop_(prepare(kDropMissing)) {}

Result<bool> MissingRepos::has_any() {
  if (!has_any_) {
    const Rewind rewind(any_);
    const auto row = any_.bind(run_id_).step();
    if (!row) return row;
    has_any_ = *row;
  }
  return *has_any_;
}

Status MissingRepos::load(std::string_view login) {
  candidates_.clear();
  const auto any = has_any();
  if (!any) return fail(any.error());
  if (!*any) return {};
  const Rewind rewind(of_login_);
  of_login_.bind(run_id_, login);
  for (;;) {
    const auto row = of_login_.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    candidates_.push_back({of_login_.integer(0), of_login_.integer(1) != 0});
  }
}

Result<bool> MissingRepos::has_unconfirmed(std::string_view login) {
  if (auto loaded = load(login); !loaded) return fail(loaded.error());
  return !std::ranges::all_of(candidates_, &Candidate::confirmed);
}

Result<Missing> MissingRepos::record(const Listing& listing,
                                     const std::vector<std::int64_t>& missing,
                                     std::string_view now) {
  const auto second = has_unconfirmed(listing.login);
  if (!second) return fail(second.error());
  if (auto compared = compare(listing, missing); !compared) return fail(compared.error());
  const bool is_one_page = listing.pages.size() <= 1;
  Missing became = Missing::settled;
  for (const std::int64_t repo : missing) {
    if (std::ranges::binary_search(candidates_, repo, {}, &Candidate::repo)) continue;
    const bool is_second = *second || listing.is_second_reading;
    if (!is_one_page) became = is_second ? Missing::new_ones : Missing::unconfirmed;
    if (!is_one_page && is_second) continue;
    if (auto added = add(repo, listing.login, now, is_one_page); !added) return fail(added.error());
  }
  return became;
}

// What an earlier listing of the login lacked.
Status MissingRepos::compare(const Listing& listing, const std::vector<std::int64_t>& missing) {
  for (const Candidate& candidate : candidates_) {
    Status done;
    if (!std::ranges::binary_search(missing, candidate.repo)) {
      done = drop_.bind(run_id_, candidate.repo).run();
    } else if (!candidate.confirmed) {
      done = confirm_.bind(run_id_, candidate.repo).run();
    }
    if (!done) return fail(done.error().within(listing.login));
  }
  return {};
}

Status MissingRepos::add(std::int64_t repo, std::string_view login, std::string_view now,
                         bool confirmed) {
  has_any_ = true;
  return add_.bind(run_id_, repo, login, now, confirmed ? 1 : 0).run();
}

Status MissingRepos::confirm(std::string_view login) {
  const auto any = has_any();
  if (!any) return fail(any.error());
  return *any ? confirm_all_.bind(run_id_, login).run() : Status{};
}

}  // namespace repopipe
