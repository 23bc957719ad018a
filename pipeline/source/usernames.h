// Checks of usernames and entries by the rule of a provider, with messages for typical mistakes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/text.h"
#include "pipeline/job/document/diagnostics.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/task.h"

namespace repopipe {

bool is_login(std::string_view text, const UsernameRule& rule);

// Parses an entry of a list: a username, or a list of accounts with the word of its route, such as
// `members:acme`.  Nothing if it is neither.
std::optional<Subject> parse_entry(std::string_view text, const Provider& provider);

// The entry that names the subject.
std::string entry_of(const Subject& subject, const Provider& provider);

// What is wrong with an invalid entry and what to write instead, as one line.
std::string complaint_about_entry(std::string_view text, const Provider& provider);

// Checks the usernames of one list, and reports the first 20 that are invalid.
class LoginCheck {
 public:
  // `provider` outlives the check.
  LoginCheck(Diagnostics& diagnostics, Place place, const Provider& provider)
      : diagnostics_(diagnostics), place_(place), provider_(provider) {}

  // Whether `text` is an entry (see parse_entry); reports it if not.
  bool check(std::string_view text, Position at);
  // Reports an entry that is invalid for another reason.
  void refuse(Position at, std::string message, std::string hint = {});
  // Call it at the end of the list.  Reports the number of the other invalid entries.
  void finish();

  std::uint64_t good() const { return good_; }
  std::uint64_t bad() const { return bad_; }
  // A hash of the valid entries in their order.
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
