#include "tests/simulator/rule_options.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "tests/simulator/errors.h"
#include "tests/simulator/option_types.h"

namespace repopipe::simulator {
namespace {

using Words = std::vector<std::string>;

template <typename Number>
Number number_in(const std::string& option, const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) {
    throw CLI::ValidationError(option, "not a number: " + text);
  }
  return number;
}

void add_count(CLI::App& app, const std::string& name, std::uint64_t& value,
               const std::string& help) {
  // Without the check, -1 would be a very large number.
  app.add_option(name, value, help)->check(CLI::NonNegativeNumber);
}

void add_limits(CLI::App& app, Options& options) {
  QuotaSettings& quota = options.answers.quota;
  SecondarySettings& limits = options.limits;
  add_count(app, "--quota", quota.limit, "Requests an owner has per window (default: no limit)");
  add_duration(app, "--quota-window", quota.window, "That window (default 1h)");
  add_count(app, "--max-concurrent", limits.max_concurrent, "Requests in flight per principal");
  add_count(app, "--max-per-minute", limits.max_per_minute, "Requests a minute per principal");
  app.add_option("--max-response-seconds", limits.max_response_seconds,
                 "Seconds that the responses of a minute may take, per principal")
      ->check(CLI::NonNegativeNumber);
  add_count(app, "--ban-after", limits.ban_after,
            "Requests sent during secondary waits that get a principal banned");
  add_duration(app, "--minute", limits.minute, "How long a minute is (default 60s)");
  add_duration(app, "--grace", limits.grace,
               "What arrives so soon after a limiting response was sent before it (default 100ms)",
               Zero::allowed);
  app.add_option("--report", options.report,
                 "Write here, at the end, what the client did that it should not have done");
}

void add_tokens(CLI::App& app, Options& options) {
  TokenSettings& tokens = options.answers.tokens;
  const auto each = [&app](const std::string& name, const std::string& form,
                           const std::string& help, auto add) {
    const auto split = [name, add](const Words& words) {
      for (const std::string& word : words) add(split_pair(name, word));
    };
    app.add_option_function<Words>(name, split, help)->type_name(form)->allow_extra_args(false);
  };
  each("--owner", "TOKEN=LOGIN", "Whose a token is; repeatable",
       [&tokens](const auto& pair) { tokens.owners.insert(pair); });
  each("--token-expiration", "TOKEN=TEXT", "When a token expires, as GitHub writes it; repeatable",
       [&tokens](const auto& pair) { tokens.expirations.insert(pair); });
  each("--expire-token", "TOKEN=N", "A token that is good for N requests; repeatable",
       [&tokens](const auto& pair) {
         tokens.lifetimes[pair.first] = number_in<std::uint64_t>("--expire-token", pair.second);
       });
  app.add_option_function<Words>(
         "--bad-token",
         [&tokens](const Words& words) { tokens.bad.insert(words.begin(), words.end()); },
         "A token that is refused; repeatable")
      ->type_name("TOKEN")
      ->allow_extra_args(false);
}

void set_fault(FaultRates& rates, const std::string& word) {
  const auto [name, percent] = split_pair("--fault", word);
  const auto kind = fault_named(name);
  if (!kind) throw CLI::ValidationError("--fault", "no such kind: " + name);
  const double value = number_in<double>("--fault", percent);
  if (!(value >= 0 && value <= 100)) throw CLI::ValidationError("--fault", "not in 0 to 100");
  const auto place = std::ranges::find(kFaultKinds, *kind) - kFaultKinds.begin();
  rates.percent[static_cast<std::size_t>(place)] = value;
}

void add_faults(CLI::App& app, Options& options) {
  FaultRates& rates = options.faults;
  add_percent(app, "--fault-5xx", rates.server_error_percent,
              "Share of URLs whose first request is answered with a 5xx");
  add_percent(app, "--fault-reset", rates.reset_percent,
              "Share of URLs whose first request ends in a connection reset");
  add_percent(app, "--spurious-401", rates.unauthorized_percent,
              "Share of URLs whose first request is answered with a 401");
  add_percent(app, "--faults", rates.any_percent, "Share of requests that fail, in any way");
  std::string kinds;
  for (const Fault kind : kFaultKinds) kinds.append(" ").append(name_of(kind));
  app.add_option_function<Words>(
         "--fault",
         [&rates](const Words& words) {
           for (const std::string& word : words) set_fault(rates, word);
         },
         "Share of requests that fail in that way; repeatable.  Kinds:" + kinds)
      ->type_name("KIND=PERCENT")
      ->allow_extra_args(false);
  app.add_option("--fault-streak", rates.streak, "Most requests of a URL that fail in a row")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  add_duration(app, "--trickle", options.server.trickle,
               "What the fault trickle takes (default 2s)");
}

}  // namespace

void add_rules(CLI::App& app, Options& options) {
  add_limits(app, options);
  add_tokens(app, options);
}

void add_trouble(CLI::App& app, Options& options) {
  add_faults(app, options);
  add_percent(app, "--doomed", options.answers.fates.doomed_percent,
              "Share of accounts that can never be listed");
  add_percent(app, "--odd", options.answers.fates.odd_percent,
              "Share of accounts that answer 204 or 409: they have no repositories");
  add_percent(app, "--renamed-users", options.names.renamed_percent,
              "Share of accounts that have another login after day 0");
  add_percent(app, "--gone-users", options.names.gone_percent,
              "Share of accounts that are gone after day 0");
  app.add_option("--redirect-to", options.answers.redirect_to,
                 "Answer every listing with a redirect to this URL and the path");
}

void check_rules(const Options& options) {
  if (options.faults.of_urls() > 100) {
    throw BadUsage("--fault-5xx, --fault-reset, --spurious-401: more than 100 percent together");
  }
  if (options.faults.of_requests() > 100) {
    throw BadUsage("--faults and --fault: more than 100 percent together");
  }
  const FateRates& fates = options.answers.fates;
  if (fates.doomed_percent + fates.odd_percent > 100) {
    throw BadUsage("--doomed and --odd: more than 100 percent together");
  }
  const NameRates& names = options.names;
  if (names.renamed_percent + names.gone_percent > 100) {
    throw BadUsage("--renamed-users and --gone-users: more than 100 percent together");
  }
  if (names.renamed_percent + names.gone_percent > 0 && options.recorded) {
    throw BadUsage("--renamed-users and --gone-users: not with --recorded");
  }
  if (options.action == Action::print_renamed && options.world.day == 0) {
    throw BadUsage("--list-renamed: needs --day");
  }
}

}  // namespace repopipe::simulator
