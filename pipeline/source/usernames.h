// The form of a username, by the rule of a provider, and what people write instead.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/base/text.h"
#include "pipeline/job/diagnostics.h"
#include "pipeline/model/provider.h"

namespace repopipe {
bool is_login(std::string_view text, const UsernameRule& rule);

// Nothing when `text` is a login; else what is wrong and what to write, as one line.
std::optional<std::string> complaint_about_login(std::string_view text, const UsernameRule& rule);

// Checks the usernames of one list and reports the first of the bad ones.

class LoginCheck {
 public:
  // `rule` outlives the check.
  LoginCheck(Diagnostics& diagnostics, Place place, const UsernameRule& rule)
      : diagnostics_(diagnostics), place_(place), rule_(rule) {}

  // Whether `text` is a login; reports it if not.
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
  const UsernameRule& rule_;
  std::uint64_t good_ = 0;
  std::uint64_t bad_ = 0;
  Fnv1a hash_;
};

}  // namespace repopipe
