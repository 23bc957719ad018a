// Distinguishes a limit for all subjects from one that refuses a single subject.  Used by Plan.
//
// A refusal counts against its user unless somebody else was refused too, of whom nothing suggests
// that the limit is its own.  What suggests it: the API granted a request of another user that was
// sent no earlier than the one it refused.  What proves it: that request was sent when the refusal
// was known already; then the refusals concern this user only.
#pragma once

#include <string>
#include <unordered_map>

#include "pipeline/base/units.h"

namespace repopipe {

// What is known of the refusals of one subject.
struct LimitRecord {
  int refusals = 0;        // since it was last granted something, this one included
  int counted = 0;         // of those, what counts against it
  bool is_proven = false;  // its refusals concern this subject only
};

// Threading: that of Plan.  Holds only users that were refused and not granted anything since.
class LimitSuspects {
 public:
  // A limit has refused a request of this user.
  void refused(const std::string& login, Time sent, Time now);
  // The API has answered a request of this user.
  void granted(const std::string& login, Time sent);
  // The refusal asks for a longer wait than the run can afford.  True: nobody else has met such a
  // one, so another user is asked before it is believed.  Call it before `refused`.
  bool doubts_long_wait(const std::string& login);
  // The user is finished.
  void forget(const std::string& login);

  // `counted` is 0 as long as nobody else was ever granted anything.
  LimitRecord record_of(const std::string& login) const;
  bool is_proven(const std::string& login) const;

 private:
  struct Entry {
    Time sent;           // the last request that was refused
    Time first_refused;  // when the first refusal was told
    int refusals = 0;
    int counted = 0;
    bool is_likely = false;
    bool is_proven = false;
  };
  struct Grant {
    std::string login{};  // empty: nothing was granted yet
    Time sent = Time::min();
  };

  static void suspect(Entry& entry);
  int count_of(const std::string& login) const;
  bool is_alone(const std::string& login) const;

  std::unordered_map<std::string, Entry> entries_;
  Grant first_;
  Grant latest_;
  bool were_several_granted_ = false;
  std::string doubted_{};  // who met a long wait first since somebody else was granted anything
};

}  // namespace repopipe
