// A subject, a request and a task: the values that the planner sends to fetch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/base/units.h"
#include "pipeline/model/resource.h"

namespace repopipe {

// A page as stored, and what is needed to request it conditionally.
struct KnownPage {
  int number = 1;
  std::string principal{};    // whose ETag it is, see Principal::identity
  std::string etag{};         // as received, including quotes and W/
  std::string target{};       // path and query of the request
  std::string next{};         // target of the next page; empty: this was the last one
  std::uint64_t records = 0;  // on the page

  friend bool operator==(const KnownPage&, const KnownPage&) = default;
};

// A user of the job, with what the database knows of it.
struct Subject {
  std::string login{};                    // as in the job
  std::optional<std::int64_t> account{};  // the account that the login belonged to last
  int per_page = 0;                       // the page size that works; 0: that of the job
  std::vector<KnownPage> pages{};         // of its last complete listing, in order
  std::uint64_t known_records = 0;        // of the account, without those that are gone
  bool empty_before_run = false;          // an earlier run found the list empty
  int good_runs = 0;               // consecutive runs without trouble, see Listing::had_trouble
  int resource = kRepositoriesId;  // what is listed, see Resource::id

  friend bool operator==(const Subject&, const Subject&) = default;
};

// A slot in the plan's table of subjects.  When a slot is reused its generation increases;
// generation 0: no subject.
struct SubjectHandle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;

  friend bool operator==(const SubjectHandle&, const SubjectHandle&) = default;
};

enum class RequestKind {
  page,     // of a user's listing
  account,  // login of an id
  owner,    // account of the token
};

struct Request {
  RequestKind kind = RequestKind::page;
  std::string target{};    // path and query below the provider's base URL
  int page = 1;            // from 1; 0: no page
  int last_announced = 1;  // the last page that is requested already
  bool is_extra = false;   // nothing announced the page; requested to see whether it exists
  int redirects = 0;       // followed so far
  std::string etag{};      // not empty: conditional request (If-None-Match)
  std::string next{};      // with `etag`: target of the next page as stored
  int last_known = 1;      // with `etag`: number of pages as stored

  friend bool operator==(const Request&, const Request&) = default;
};

// One request.  It is completed exactly once, with a value or a failure.
struct Task {
  std::uint64_t id = 0;
  std::string login{};  // empty: a request about a token, see RequestKind::owner
  Request request;
  int attempt = 1;
  std::uint32_t principal = 0;     // index of the token to use
  bool was_refused = false;        // by a 401 that may be spurious
  bool was_missing = false;        // by a 404 that may be spurious
  std::uint32_t generation = 0;    // number of restarts of the whole listing
  int losses = 0;                  // workers that were lost with it
  int crashes = 0;                 // workers that crashed on it
  bool timed_out = false;          // in the last attempt: its connection may be dead
  Time sent{};                     // when the planner sent it
  SubjectHandle subject{};         // empty for a request about a token
  int resource = kRepositoriesId;  // what is requested, see Resource::id

  friend bool operator==(const Task&, const Task&) = default;
};

// The name of a task in messages: "octocat page 2"; for a token's own requests without login.
std::string noun_of(const Task& task);

}  // namespace repopipe
