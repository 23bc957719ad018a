// Any bytes as a job file in JSON.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/job_checks.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  repopipe::fuzz::load_and_check("job.json", repopipe::fuzz::text_of(bytes, size));
  return 0;
}
