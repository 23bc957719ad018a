// The source of listings: generated (MadeUpSource) or recorded (RecordedSource). Used by PageMaker,
// which makes pages of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulator/account.h"

namespace repopipe::simulator {

// A part of a listing, in elements.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

// Threading: implementations are immutable; any thread.
class Source {
 public:
  virtual ~Source() = default;

  // Empty: there is no such account.  Ordinals run from 0 without gaps.
  virtual std::optional<Account> find(const AccountKey& key) const = 0;

  // Appends that part of the listing as JSON objects with commas between them; nothing for a range
  // after the end.  Returns the number of elements of the whole listing.  `account` came from
  // find().
  virtual std::uint64_t append(const Account& account, Range range, std::string& out) const = 0;

  // The public members of an organisation, sorted by id.
  virtual std::vector<Account> members(const Account&) const { return {}; }
};

}  // namespace repopipe::simulator
