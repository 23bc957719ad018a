// What is to be measured: which ways, at which concurrencies, in which order.
#pragma once

#include <string>
#include <vector>

#include "pipeline/compare/way.h"

namespace repopipe {

// One way at one concurrency: a row of the comparison.
struct Trial {
  Way way = Way::sequential;
  Setting setting{};

  friend bool operator==(const Trial& left, const Trial& right) {
    return left.way == right.way && left.setting.concurrency == right.setting.concurrency;
  }
};

// "threads at 8"; "sequential".
std::string show(const Trial& trial);

struct TrialChoice {
  std::vector<Way> ways;
  std::vector<int> concurrencies;  // of all ways but `sequential`, which is one at a time
  int processes = 2;               // of the way `processes`
  std::string queue{};             // of the way `queue`
};

// Each once, in the order of the ways and of the numbers.  An event loop with one request at a time
// is the sequential way, and left out beside it.
std::vector<Trial> trials_of(const TrialChoice& choice);

// `--set` for the child that carries it out.
std::vector<std::string> overrides_of(const Trial& trial);

}  // namespace repopipe
