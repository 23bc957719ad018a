// An invalid job file and its exact errors.  `files` of broken_job_test.cc lists the other files of
// its folder.
#pragma once

#include <ostream>

#include "tests/pipeline/job/job_fixture.h"

namespace repopipe {

struct BrokenCase {
  std::string name;
  std::string file;
  std::string text;
  std::vector<std::string> diagnostics;

  friend std::ostream& operator<<(std::ostream& out, const BrokenCase& broken) {
    return out << broken.file;
  }
};

class BrokenJob : public JobTest, public testing::WithParamInterface<BrokenCase> {};

inline std::string name_of_case(const testing::TestParamInfo<BrokenCase>& info) {
  return info.param.name;
}

}  // namespace repopipe
