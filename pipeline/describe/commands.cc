#include "pipeline/describe/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "pipeline/base/text.h"
#include "pipeline/describe/check_report.h"
#include "pipeline/describe/explain.h"
#include "pipeline/describe/sample_job.h"
#include "pipeline/describe/schema.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/job/load.h"
#include "pipeline/job/suggest.h"

namespace repopipe {
namespace {

ExitCode refuse(const std::string& mistake, ExitCode code) {
  say(fmt::format("repopipe: {}\n", mistake));
  return code;
}

ExitCode refuse_key(const std::string& key) {
  std::string near = nearest_key(key);
  std::vector<std::string_view> all;
  for (const JobKey& each : job_keys()) all.push_back(each.path);
  if (near.empty()) near = nearest_word(key, all, Reach::far);
  const std::string hint =
      near.empty() ? "repopipe explain lists the keys" : fmt::format("did you mean {}?", near);
  return refuse(fmt::format("there is no key {}; {}", shown_key(key), hint), ExitCode::usage);
}

// "  value    32 (job.yaml:4)".
std::string value_line(const LoadedJob& loaded, std::string_view key) {
  const std::vector<EffectiveValue> all = effective_values(loaded);
  const auto found = std::ranges::find(all, key, &EffectiveValue::key);
  return fmt::format("  value    {} ({})\n", found->value, found->origin);
}

// A line for each key of this name; with what `loaded` has for it if there is a job.
std::string explanation_json(std::string_view name, const LoadedJob* loaded) {
  std::string text;
  const auto values = loaded == nullptr ? std::vector<EffectiveValue>() : effective_values(*loaded);
  for (const JobKey& key : job_keys()) {
    if (!is_named(key, name)) continue;
    nlohmann::ordered_json object{{"key", key.path},
                                  {"meaning", key.meaning},
                                  {"takes", expectation(key)},
                                  {"default", defaults_of(key)},
                                  {"example", example_line(key)}};
    const auto found = std::ranges::find(values, key.path, &EffectiveValue::key);
    if (found != values.end()) {
      object["value"] = found->value;
      object["origin"] = found->origin;
    }
    text += object.dump() + "\n";
  }
  return text;
}

std::string explanation(const ExplainOptions& options, const JobKey* key, const LoadedJob* loaded) {
  if (options.json) return explanation_json(options.key, loaded);
  const std::string text = key == nullptr ? explain_keys(options.key) : explain_key(*key);
  if (loaded == nullptr) return text;
  return text + (key == nullptr ? "\n" + effective_text(*loaded, options.key)
                                : value_line(*loaded, key->path));
}

}  // namespace

ExitCode explain(const ExplainOptions& options, const Environment& environment) {
  const JobKey* key = find_key(options.key);
  const bool is_known = options.key.empty() || key != nullptr || is_section(options.key);
  if (!is_known) return refuse_key(options.key);
  if (options.job.empty()) return deliver(explanation(options, key, nullptr));
  const LoadedJob loaded = load_job(options.job, options.overrides, environment);
  if (!loaded.diagnostics.empty()) {
    for (const Diagnostic& each : loaded.diagnostics) say(each.show() + "\n");
    return deliver(explanation(options, key, nullptr), policy_of(loaded.trouble).exit_code);
  }
  return deliver(explanation(options, key, &loaded));
}

ExitCode schema() {
  return deliver(job_schema());
}

namespace {

// The value of source.usernames_file: relative to the folder of the job file if it is below it.
std::string users_file_of(const InitOptions& options) {
  if (options.users.empty() || options.users == "-" || options.users.is_absolute()) {
    return options.users.string();
  }
  const std::filesystem::path folder = options.file.parent_path();
  if (folder.empty()) return options.users.lexically_normal().string();
  const std::filesystem::path below = options.users.lexically_relative(folder);
  const bool is_below = !below.empty() && *below.begin() != "..";
  return is_below ? below.string() : std::filesystem::absolute(options.users).string();
}

// The schema of the installed program or of the source tree; else a name for the user to create.
std::string schema_file() {
  std::error_code ignored;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* place : {"../share/repopipe/job.schema.json", "../../configs/job.schema.json"}) {
    const auto file = (folder / place).lexically_normal();
    if (!folder.empty() && std::filesystem::exists(file, ignored)) return file.string();
  }
  return "job.schema.json";
}

ExitCode refuse(const Failure& failure) {
  return refuse(failure.message, policy_of(failure.kind).exit_code);
}

// Prints what is wrong with the job in `part`, which has no name that a user knows.
ExitCode complete_or_refuse(const std::filesystem::path& part, const Environment& environment) {
  const LoadedJob loaded = load_job(part, {}, environment);
  for (const Diagnostic& each : loaded.diagnostics) {
    say(fmt::format("repopipe: {}\n", each.file == part ? each.message : each.show()));
  }
  return loaded.diagnostics.empty() ? ExitCode::complete : policy_of(loaded.trouble).exit_code;
}

// Writes beside the file, checks, and moves it to its place.
ExitCode write_checked(const InitOptions& options, const Environment& environment) {
  const auto part = options.file.parent_path() /
                    fmt::format(".{}.{}", options.file.filename().string(), ::getpid());
  const std::string text = sample_job(
      {.users_file = users_file_of(options), .schema = schema_file(), .full = options.full});
  if (auto written = write_whole(part, text); !written) return refuse(written.error());
  ExitCode code = ExitCode::complete;
  if (options.users != "-") code = complete_or_refuse(part, environment);
  if (code == ExitCode::complete) {
    const auto moved =
        move_into_place(part, options.file, options.force ? IfExists::replace : IfExists::refuse);
    if (moved) return code;
    code = refuse(moved.error());
  }
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  return code;
}

}  // namespace

ExitCode init(const InitOptions& options, const Environment& environment) {
  const std::string name = options.file.string();
  if (fold_case(options.file.extension().string()) == ".json") {
    return refuse(fmt::format("init writes YAML; {} is a name for JSON", in_quotes(name, 300)),
                  ExitCode::usage);
  }
  std::error_code ignored;
  if (!options.force && std::filesystem::exists(options.file, ignored)) {
    return refuse(fmt::format("{} exists; --force replaces it", in_quotes(name, 300)),
                  ExitCode::cannot_create);
  }
  const ExitCode code = write_checked(options, environment);
  if (code == ExitCode::complete) {
    say(fmt::format("{}: written; next: repopipe check {}\n", name, name));
  }
  return code;
}

}  // namespace repopipe
