// A source of users for tests: blocks of logins, one after another.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/model/interfaces.h"

namespace repopipe {

// Each inner vector is a block.
class ListedSubjects final : public SubjectSource {
 public:
  explicit ListedSubjects(std::vector<std::vector<std::string>> blocks)
      : blocks_(std::move(blocks)) {}

  Result<std::vector<Subject>> next_block() override {
    std::vector<Subject> block;
    if (next_ == blocks_.size()) return block;
    for (const std::string& login : blocks_[next_]) block.push_back(Subject{login});
    ++next_;
    return block;
  }

 private:
  std::vector<std::vector<std::string>> blocks_;
  std::size_t next_ = 0;
};

}  // namespace repopipe
