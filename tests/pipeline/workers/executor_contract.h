// What holds wherever fetch and parse run, over real HTTP on loopback.  Each place adds itself with
// INSTANTIATE_TEST_SUITE_P(Here, ExecutorContract, Values(PlaceMaker{...}), name_of_place).
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/model/interfaces.h"
#include "pipeline/model/work_settings.h"
#include "tests/pipeline/workers/processes/pool_world.h"

namespace repopipe {

// An executor with everything that it needs.
class Place {
 public:
  virtual ~Place() = default;
  virtual Executor& executor() = 0;
  // As at the end of a run, when nothing is out.
  virtual void close() = 0;
};

struct PlaceMaker {
  std::string name;
  // For the API and with the concurrency of these settings.
  std::function<std::unique_ptr<Place>(const WorkSettings&, const std::vector<std::string>& tokens)>
      make;
};

inline std::string name_of_place(const ::testing::TestParamInfo<PlaceMaker>& info) {
  return info.param.name;
}

class ExecutorContract : public ::testing::TestWithParam<PlaceMaker> {
 protected:
  void open(const std::string& base_url, int concurrency,
            const std::vector<std::string>& tokens = {});
  Executor& executor() { return place->executor(); }
  TaskResult settled(Task task);

  testing::Home home;
  std::unique_ptr<Place> place;
};

}  // namespace repopipe
