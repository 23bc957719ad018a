// Distinguishes a limit for all subjects from one that refuses a single subject.  Used by Plan.
//
// A limit is probably that of one subject if the API granted a request of another subject that was
// sent no earlier than the refused one.  It is certainly that of one subject if that request was
// sent when the refusal was known.  A refusal counts against its subject, unless another subject
// was refused whose limit is not probably its own.
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

// Threading: that of Plan.  Holds only subjects that were refused and not granted a request since.
class LimitSuspects {
 public:
  // A limit has refused a request of this subject.
  void refused(const std::string& login, Time sent, Time now);
  // The API has granted a request of this subject.
  void granted(const std::string& login, Time sent);
  // The refusal asks for a longer wait than run.max_wait.  True: no other subject was refused so,
  // and another subject is requested first.  Call it before `refused`.
  bool doubts_long_wait(const std::string& login);
  // The subject is finished.
  void forget(const std::string& login);

  // `counted` is 0 until another subject was granted a request.
  LimitRecord record_of(const std::string& login) const;

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
  bool is_alone(const std::string& login) const;

  std::unordered_map<std::string, Entry> entries_;
  Grant first_;
  Grant latest_;
  bool were_several_granted_ = false;
  std::string
      doubted_{};  // the first subject with a long wait since another one was granted a request
};

}  // namespace repopipe
