// The keys of a job that its run has not settled yet: what makes a resumed run short.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "pipeline/core/seams.h"
#include "storage/database.h"

namespace repopipe {

// Leaves out the keys of `inner` that have a row in `run_users`, in any spelling, and the second of
// two keys of one block.  Threading: one thread at a time, which may be another than the writer's:
// `reader` is a connection of its own, from open_reader.
class UnsettledKeys final : public KeySource {
 public:
  // `inner` must outlive it.
  UnsettledKeys(KeySource& inner, Database reader, std::int64_t run_id);

  // Empty only when `inner` is over.
  Result<std::vector<Key>> next_block() override;

 private:
  Status filter(std::vector<Key>& block);
  Result<bool> is_settled(const Key& key);

  KeySource& inner_;
  Database reader_;
  std::int64_t run_id_;
  std::optional<Statement> find_;  // prepared by the first block
};

}  // namespace repopipe
