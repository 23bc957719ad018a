// Where listings come from: made up from a seed (MadeUpSource) or read from recordings
// (RecordedSource). Used by the answering side, which turns slices into pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tests/simulator/account.h"

namespace repopipe::simulator {

// Part of a listing, counted in elements of the whole.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

struct Slice {
  std::uint64_t total = 0;  // elements of the whole listing
  std::string elements;  // JSON objects with commas between them; empty when the range holds none
};

// Threading: implementations are immutable; any thread.
class Source {
 public:
  virtual ~Source() = default;

  // Empty when there is no such account.  Ordinals run from 0 without gaps.
  virtual std::optional<Account> find(const AccountKey& key) const = 0;

  // `account` came from find().  A range past the end is cut.
  virtual Slice slice(const Account& account, Range range) const = 0;
};

}  // namespace repopipe::simulator
