// The log of requests: one JSON object per line, for tests and benchmarks. Threading: one thread at
// a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/simulator/faults.h"
#include "tests/simulator/request.h"

namespace repopipe::simulator {

struct RequestRecord {
  std::chrono::system_clock::time_point arrived;
  Request request;
  const char* method = "GET";
  int status = 0;               // 0: the connection was closed without a response
  std::uint64_t bytes = 0;      // of the body as sent
  std::uint64_t in_flight = 0;  // at arrival, including this request
  Fault fault = Fault::none;
};

class RequestLog {
 public:
  // Throws CannotCreate.
  explicit RequestLog(const std::filesystem::path& file);

  // Lines are in the order of the responses.  Flushed at once while there are few requests;
  // otherwise by flush(), which the server calls every second and at its end.
  void write(const RequestRecord& record);
  void flush();

 private:
  std::vector<char> buffer_;
  std::ofstream stream_;
  std::chrono::steady_clock::time_point flushed_;
};

}  // namespace repopipe::simulator
