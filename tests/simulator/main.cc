// repopipe-simulator: serves GitHub's REST API for tests.  README.md lists its options.
#include <exception>
#include <iostream>
#include <string>

#include "tests/simulator/errors.h"
#include "tests/simulator/options.h"
#include "tests/simulator/simulator.h"

namespace {

using namespace repopipe::simulator;

constexpr int kUsage = 64, kInternal = 70, kCannotCreate = 73;  // sysexits.h

void serve(const Options& options) {
  Simulator simulator(options);
  Server& server = simulator.server();
  server.stop_on_signals();
  simulator.announce();
  std::cout << "listening on " << server.base_url() << std::endl;
  server.run();
  const Totals totals = server.totals();
  std::cerr << "served " << totals.requests << " requests, " << totals.bytes << " bytes\n";
  const std::string summary = simulator.write_report();
  if (!summary.empty()) std::cerr << summary << "\n";
}

int fail(const std::exception& error, int exit_code) {
  std::cerr << "repopipe-simulator: " << error.what() << "\n";
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = parse_options(argc, argv);
    if (!options) return 0;
    if (options->action == Action::serve) {
      serve(*options);
    } else {
      print_list(*options, std::cout);
    }
    return 0;
  } catch (const BadUsage& error) {
    return fail(error, kUsage);
  } catch (const CannotCreate& error) {
    return fail(error, kCannotCreate);
  } catch (const std::exception& error) {
    return fail(error, kInternal);
  }
}
