// The form of a username, by the rule of a provider, and what people write instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/text.h"
#include "pipeline/job/diagnostics.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/task.h"

namespace repopipe {
bool is_login(std::string_view text, const UsernameRule& rule);

// What an entry of a list names: a username, or a list of accounts by the word of its route, such
// as `members:acme`.  Nothing: it is neither.
std::optional<Subject> parse_entry(std::string_view text, const Provider& provider);

// The entry that names the subject.
std::string entry_of(const Subject& subject, const Provider& provider);

// Of an entry that is neither: what is wrong and what to write, as one line.
std::string complaint_about_entry(std::string_view text, const Provider& provider);

// Checks the usernames of one list and reports the first of the bad ones.

class LoginCheck {
 public:
  // `provider` outlives the check.
  LoginCheck(Diagnostics& diagnostics, Place place, const Provider& provider)
      : diagnostics_(diagnostics), place_(place), provider_(provider) {}

  // Whether `text` is an entry, see parse_entry; reports it if not.
  bool check(std::string_view text, Position at);
  // Reports an entry that is wrong in another way.
  void refuse(Position at, std::string message);
  // To be called when the list is over: says how many more there are than were reported.
  void finish();

  std::uint64_t good() const { return good_; }
  std::uint64_t bad() const { return bad_; }
  // Of the good ones in their order: another list has another fingerprint.
  std::uint64_t fingerprint() const { return hash_.value(); }

 private:
  Diagnostics& diagnostics_;
  Place place_;
  const Provider& provider_;
  std::uint64_t good_ = 0;
  std::uint64_t bad_ = 0;
  Fnv1a hash_;
};

}  // namespace repopipe
