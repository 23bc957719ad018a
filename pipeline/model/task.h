// What travels from the planner to fetch: one request, mostly for one page of one user.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"

namespace repopipe {

// A page as the database keeps it, and how to ask whether it is still the same.
struct KnownPage {
  int number = 1;
  std::string principal{};  // whose ETag it is, see Principal::identity
  std::string etag{};       // as it came: quotes and W/ included
  std::string target{};     // what was asked for
  std::string next{};       // the target of the page behind it; empty: it was the last one
  std::uint64_t repos = 0;  // on it

  friend bool operator==(const KnownPage&, const KnownPage&) = default;
};

// One user of the job, with what must be known of it before its first request.
struct Subject {
  std::string login{};                    // as the job spells it
  std::optional<std::int64_t> account{};  // the number that the login led to last
  int per_page = 0;                       // the page size that works for it; 0: the job's
  std::vector<KnownPage> pages{};         // of its last complete listing, in order
  std::uint64_t known_repos = 0;          // of the account, those that are gone not counted
  bool empty_before_run = false;          // an earlier run has found its list empty
  int good_runs = 0;  // runs in a row that listed it without trouble; see Listing::had_trouble
  int resource = 1;   // what is listed of it, see Resource::id

  friend bool operator==(const Subject&, const Subject&) = default;
};

// Names a subject under way, in the table of the plan that has it.  A slot is used again, with the
// next generation; 0 is none.
struct SubjectHandle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;

  friend bool operator==(const SubjectHandle&, const SubjectHandle&) = default;
};

enum class RequestKind {
  page,     // of a user's listing
  account,  // who has this number, and under which login
  owner,    // whose token this is
};

struct Request {
  RequestKind kind = RequestKind::page;
  std::string target{};  // path and query below the provider's base URL, "/users/octocat/repos?..."
  int page = 1;          // counted from 1; 0: no page
  int last_announced = 1;  // the last page that is already asked for, or about to be
  bool is_extra = false;   // asked for only to see whether more follows: nothing announces it
  int redirects = 0;       // followed so far
  std::string etag{};      // not empty: only if it has changed (If-None-Match)
  std::string next{};      // with `etag`: what the known page is followed by
  int last_known = 1;      // with `etag`: pages of the known listing

  friend bool operator==(const Request&, const Request&) = default;
};

// A task leaves the planner and comes back exactly once, with a value or a failure.
struct Task {
  std::uint64_t id = 0;
  std::string login{};  // empty: a token's own, see RequestKind::owner
  Request request;
  int attempt = 1;
  std::uint32_t principal = 0;   // whose token goes along: an index, never the token
  bool was_refused = false;      // once already, by a 401 that may be spurious
  bool was_missing = false;      // once already, by a 404 that may be
  std::uint32_t generation = 0;  // which try of the whole listing, counted from 0
  int losses = 0;                // workers that went away with it
  int crashes = 0;               // workers that crashed with it in their hands
  bool timed_out = false;        // the last time: its connection may be dead
  Time sent{};                   // when it left the planner
  SubjectHandle subject{};       // whose it is

  friend bool operator==(const Task&, const Task&) = default;
};

// What a message calls it: "octocat page 2"; a token's own requests have no login.
std::string noun_of(const Task& task);

}  // namespace repopipe
