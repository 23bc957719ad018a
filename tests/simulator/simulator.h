// The simulator, created from its options; used by main and the tests.
#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "tests/simulator/answer.h"
#include "tests/simulator/faults.h"
#include "tests/simulator/options.h"
#include "tests/simulator/politeness.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/rules.h"
#include "tests/simulator/secondary_limits.h"
#include "tests/simulator/server.h"
#include "tests/simulator/source.h"

namespace repopipe::simulator {

// Throws BadUsage if there is nothing to serve.
std::unique_ptr<Source> make_source(const Options& options);

// Prints the lists of --logins and --list options, one account per line, by ordinal.  Logins are
// those of day 0.
void print_list(const Options& options, std::ostream& out);

class Simulator {
 public:
  // After construction it listens, and its cache is filled if requested. Throws BadUsage or
  // CannotCreate.
  explicit Simulator(const Options& options);

  Server& server() { return server_; }

  // Writes the base URL to the ready file, if there is one, atomically.  Throws CannotCreate.
  void announce() const;

  // Writes the report, if there is one, after the server has stopped; returns its summary or "".
  // Throws CannotCreate.
  std::string write_report();

 private:
  Politeness* prepare_report(const Options& options);

  std::optional<std::filesystem::path> ready_file_;
  std::unique_ptr<Source> source_;
  Answerer answerer_;
  Faults faults_;
  SecondaryLimits limits_;
  std::optional<Politeness> politeness_;
  std::ofstream report_;
  Rules rules_;
  std::optional<RequestLog> log_;
  Server server_;
};

}  // namespace repopipe::simulator
