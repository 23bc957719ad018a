#include "pipeline/command/compare_options.h"

#include <CLI/CLI.hpp>

namespace repopipe {
namespace {

// CLI11 takes text that is returned for what is wrong, in front of which it puts the option.
std::string way_or_complaint(const std::string& name) {
  if (find_way(name)) return {};
  return "no way is called " + name + "; there are " + names_of_ways();
}

CLI::Validator whole(int least, int most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [=](std::string& text) {
        int number = 0;
        const bool is_whole = CLI::detail::lexical_cast(text, number);
        if (is_whole && number >= least && number <= most) return std::string();
        return text + " is not a whole number from " + range;
      },
      "");
}

}  // namespace

CLI::App* add_compare(CLI::App& app, CompareOptions& compare) {
  CLI::App* command = app.add_subcommand("compare", "Measure the ways of running a job");
  command
      ->add_option("--concurrency", compare.concurrencies,
                   "Requests at a time: 1,8,100; default: the job's")
      ->type_name("N,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->check(whole(1, 1000));
  command->add_option("--ways", compare.ways, "Only these ways; default: all")
      ->type_name("WAY,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->check(CLI::Validator(way_or_complaint, ""));
  command->add_option("--repeat", compare.repeats, "How often; the best of each counts")
      ->type_name("N")
      ->check(whole(1, 100));
  command->add_option("--processes", compare.processes, "Processes; default: the processors")
      ->type_name("N")
      ->check(whole(2, 64));
  command->add_option("--queue", compare.queue, "Address of a queue to compare as well")
      ->type_name("URL");
  command
      ->add_option("--workers", compare.workers, "Workers to start; 0: others listen; default: 2")
      ->type_name("N")
      ->check(whole(0, 64));
  command->add_option("--html", compare.html, "Also write a page with charts")->type_name("FILE");
  command->add_flag("--json", compare.json, "One JSON object on stdout instead of the table");
  return command;
}

}  // namespace repopipe
