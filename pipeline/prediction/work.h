// Counts the requests of a run from its list and what is known of each login.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "pipeline/model/provider.h"
#include "pipeline/model/task.h"
#include "pipeline/model/work_settings.h"
#include "pipeline/plan/principal.h"
#include "pipeline/prediction/experience.h"
#include "storage/prediction/known_lists.h"

namespace repopipe {

struct TokenWork {
  double requests = 0;
  double free = 0;  // of these, expected to be answered with 304
};

struct Work {
  std::uint64_t users = 0;    // that are left, without duplicates
  std::uint64_t done = 0;     // by the unfinished run
  std::uint64_t unknown = 0;  // of the users that are left
  std::uint64_t lists = 0;    // such as the members of an organisation
  std::uint64_t unknown_lists = 0;
  double conditional = 0;           // requests for pages with a known ETag
  std::vector<TokenWork> tokens{};  // in the order of the principals

  double requests() const;
  double free() const;
};

// Whose requests they are.  If an identity is empty, because its token is not known before the run
// begins, users without stored pages are spread evenly.
struct Principals {
  std::vector<Principal> all;
  bool are_checked = false;  // one request finds out the account of each

  bool are_known() const;
};

class WorkCount {
 public:
  // All outlive it.
  WorkCount(const Protocol& protocol, const Principals& principals, const KnownLists& lists,
            const Experience& past);

  // A subject of the job.  One that was added before does not count.
  void add(const Subject& subject);
  // The list is one of accounts, and whose they are is not known.
  void add_unknown_list() { ++work_.unknown_lists; }

  const Work& work() const { return work_; }

 private:
  struct Share {  // of one subject
    double pages = 0;
    double extra = 0;  // requests besides its pages
    bool is_conditional = false;
  };
  Share share_of(const Subject& subject, const KnownList& known, std::size_t token) const;
  std::size_t token_of(const std::string& key, const KnownList* known);
  bool has_etags(const KnownList& known, std::size_t token) const;
  void count(const Share& share, TokenWork& token);

  const Protocol& protocol_;
  const Principals& principals_;
  const KnownLists& lists_;
  const Experience& past_;
  const PrincipalTable table_;
  const bool are_known_;
  std::size_t turn_ = 0;
  std::unordered_set<std::uint64_t> seen_;
  Work work_;
};

}  // namespace repopipe
