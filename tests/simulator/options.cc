#include "tests/simulator/options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <map>
#include <string>

#include "tests/simulator/errors.h"

namespace repopipe::simulator {
namespace {

// The raw values, before they become types with units.
struct Flags {
  std::int64_t latency_us = 0;
  bool small = false, null_elements = false, logins = false;
};

void add_world(CLI::App& app, Options& options, Flags& flags) {
  app.add_option("--seed", options.world.seed, "What the made-up world is computed from")
      ->capture_default_str();
  app.add_option("--accounts", options.world.accounts, "Number of made-up accounts")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, kMostAccounts));
  app.add_option("--day", options.world.day, "Days that have passed in the made-up world")
      ->capture_default_str()
      ->check(CLI::Range(0, 36500));
  app.add_flag("--small", flags.small, "0 to 3 repositories for every account");
  app.add_option("--recorded", options.recorded,
                 "Serve recordings (DIR/LOGIN/*.json) instead of a made-up world")
      ->type_name("DIR");
  app.add_flag("--null-elements", flags.null_elements,
               "Put a null at the end of page 1 of every 10th account");
  app.add_flag("--logins", flags.logins, "Print the login of every account and exit");
}

void add_serving(CLI::App& app, Options& options, Flags& flags) {
  app.add_option("--port", options.server.port, "Port; 0 picks a free one")->capture_default_str();
  app.add_option("--bind", options.server.address, "IPv4 address")->capture_default_str();
  app.add_option("--base-url", options.answers.base_url,
                 "What links begin with (default: http:// and the request's Host)");
  app.add_option("--ready-file", options.ready_file, "Write the base URL here once it listens");
  app.add_option("--log", options.log, "Write one JSON object for each request here");
  app.add_option("--cache", options.answers.cache_bytes, "Memory for ready pages (default 256MiB)")
      ->transform(CLI::AsSizeValue(true))
      ->type_name("SIZE");
  app.add_flag("--warm", options.warm, "Fill the cache before saying that it is ready");
  const std::map<std::string, std::int64_t> units = {{"us", 1}, {"ms", 1000}, {"s", 1'000'000}};
  using Unit = CLI::AsNumberWithUnit;
  app.add_option("--latency", flags.latency_us, "Time before every reply, such as 200ms")
      ->transform(Unit(units, static_cast<Unit::Options>(Unit::UNIT_REQUIRED), "DURATION"));
}

void add_faults(CLI::App& app, Options& options) {
  app.add_option("--fault-5xx", options.faults.server_error_percent,
                 "Share of URLs whose first request is answered with a 5xx")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("PERCENT");
  app.add_option("--fault-reset", options.faults.reset_percent,
                 "Share of URLs whose first request ends in a connection reset")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("PERCENT");
}

void finish(Options& options, const Flags& flags) {
  if (flags.latency_us < 0) throw BadUsage("--latency: must not be negative");
  if (options.faults.server_error_percent + options.faults.reset_percent > 100) {
    throw BadUsage("--fault-5xx and --fault-reset: more than 100 percent together");
  }
  options.server.latency = std::chrono::microseconds(flags.latency_us);
  if (flags.small) options.world.population = Population::small;
  if (flags.null_elements) options.answers.nulls = NullElements::some;
  if (flags.logins) options.action = Action::print_logins;
  while (options.answers.base_url.ends_with('/')) options.answers.base_url.pop_back();
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  Options options;
  Flags flags;
  CLI::App app("A stand-in for GitHub's REST API.", "repopipe-simulator");
  add_serving(app, options, flags);
  add_world(app, options, flags);
  add_faults(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw BadUsage(error.what());
  }
  finish(options, flags);
  return options;
}

}  // namespace repopipe::simulator
