#include "tests/simulator/options.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "tests/simulator/errors.h"
#include "tests/simulator/option_types.h"
#include "tests/simulator/rule_options.h"

namespace repopipe::simulator {
namespace {

void add_world(CLI::App& app, RawOptions& raw) {
  Options& options = raw.options;
  app.add_option("--seed", options.world.seed, "What the made-up world is computed from")
      ->capture_default_str();
  app.add_option("--accounts", options.world.accounts, "Number of made-up accounts")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, kMostAccounts));
  app.add_option("--day", options.world.day, "Days that have passed in the made-up world")
      ->capture_default_str()
      ->check(CLI::Range(0, 36500));
  app.add_flag("--small", raw.small, "0 to 3 repositories for every account");
  app.add_option("--recorded", options.recorded,
                 "Serve recordings (DIR/LOGIN/*.json) instead of a made-up world")
      ->type_name("DIR");
  app.add_flag("--null-elements", raw.null_elements,
               "Put a null at the end of page 1 of every 10th account");
  app.add_flag("--gitea", raw.gitea, "Be a server of Gitea, below /api/v1");
  app.add_flag("--hide", raw.hide,
               "With --gitea: count, and do not show, all repositories of every 8th account and "
               "every 3rd of every other 8th");
  app.add_flag("--logins", raw.logins, "Print the login of every account and exit");
  app.add_flag("--list-doomed", raw.list_doomed, "Print LOGIN KIND of the doomed and exit");
  app.add_flag("--list-odd", raw.list_odd, "Print LOGIN KIND of the odd and exit");
  app.add_flag("--list-renamed", raw.list_renamed,
               "Print OLD NEW ID KIND of the renamed and the gone, and exit");
}

void add_serving(CLI::App& app, Options& options) {
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
  add_duration(app, "--latency", options.server.latency,
               "Time before every response, such as 200ms", Zero::allowed);
}

void finish(RawOptions& raw) {
  Options& options = raw.options;
  if (raw.small) options.world.population = Population::small;
  if (raw.null_elements) options.answers.nulls = NullElements::some;
  if (raw.gitea) options.answers.form = options.world.form = Form::gitea;
  if (raw.hide) options.answers.hidden = HiddenRecords::some;
  if (raw.logins) options.action = Action::print_logins;
  if (raw.list_doomed) options.action = Action::print_doomed;
  if (raw.list_odd) options.action = Action::print_odd;
  if (raw.list_renamed) options.action = Action::print_renamed;
  options.answers.seed = options.world.seed;
  for (std::string* url : {&options.answers.base_url, &options.answers.redirect_to}) {
    while (url->ends_with('/')) url->pop_back();
  }
  check_rules(options);
}

}  // namespace

void add_options(CLI::App& app, RawOptions& raw) {
  add_serving(app, raw.options);
  add_world(app, raw);
  add_rules(app, raw.options);
  add_trouble(app, raw.options);
}

std::optional<Options> parse_options(int argc, char** argv) {
  RawOptions raw;
  CLI::App app(kDescription, kProgram);
  add_options(app, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw BadUsage(error.what());
  }
  finish(raw);
  return raw.options;
}

}  // namespace repopipe::simulator
