#include "pipeline/describe/check_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/base/secrets.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/provider.h"

namespace repopipe {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json place_of(const std::string& file, int line, int column) {
  Json object{{"file", file}, {"line", nullptr}, {"column", nullptr}};
  if (line != 0) {
    object["line"] = line;
    object["column"] = column;
  }
  return object;
}

}  // namespace

std::string diagnostics_json(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics) {
    Json object = place_of(each.file, each.line, each.column);
    object["key"] = each.key;
    object["message"] = each.message;
    object["hint"] = each.hint;
    text += line_of(object);
  }
  return text;
}

namespace {

bool is_file(const JobKey& key) {
  return std::holds_alternative<PathForm>(key.form) ||
         std::holds_alternative<CertificatesForm>(key.form);
}

// The path that a run uses, which is absolute.
std::string file_of(const JobKey& key, Job job) {
  if (const auto* form = std::get_if<PathForm>(&key.form)) return form->field(job).string();
  const auto& path = std::get<CertificatesForm>(key.form).field(job);
  return path ? path->string() : "";
}

std::string value_in(const LoadedJob& loaded, const JobKey& key) {
  if (key.path == "name") return loaded.job.name;
  const std::string file = is_file(key) ? file_of(key, loaded.job) : "";
  if (!file.empty()) return file;
  const auto written = loaded.values.find(std::string(key.path));
  if (written != loaded.values.end()) {  // a command may contain a secret
    return std::holds_alternative<CommandForm>(key.form) ? "***" : written->second;
  }
  return default_of(key, *find_provider(loaded.job.provider.kind));
}

std::string origin_of(const Diagnostic& where) {
  return where.line == 0 ? where.file : fmt::format("{}:{}", where.file, where.line);
}

}  // namespace

std::vector<EffectiveValue> effective_values(const LoadedJob& loaded) {
  std::vector<EffectiveValue> all;
  for (const JobKey& key : job_keys()) {
    const auto written = loaded.written.find(std::string(key.path));
    const bool is_written = written != loaded.written.end();
    all.push_back({.key = key.path,
                   .value = without_secrets(value_in(loaded, key)),
                   .origin = is_written ? origin_of(written->second) : "default",
                   .position = is_written ? written->second : Diagnostic{}});
  }
  return all;
}

std::string effective_text(const LoadedJob& loaded, std::string_view section) {
  constexpr std::size_t kWidest = 40;
  std::vector<EffectiveValue> all = effective_values(loaded);
  std::erase_if(all, [section](const EffectiveValue& each) {
    return !section.empty() && !each.key.starts_with(std::string(section) + ".");
  });
  std::size_t keys = 0, values = 0;
  for (const EffectiveValue& each : all) {
    keys = std::max(keys, each.key.size());
    values = std::max(values, std::min(each.value.size(), kWidest));
  }
  std::string text = loaded.file + "\n";
  for (const EffectiveValue& each : all) {
    text += fmt::format("  {:<{}}  {:<{}}  {}\n", each.key, keys, each.value, values, each.origin);
  }
  return text;
}

std::string effective_json(const LoadedJob& loaded) {
  std::string text;
  for (const EffectiveValue& each : effective_values(loaded)) {
    Json object = place_of(each.origin == "default" ? loaded.file : each.position.file,
                           each.position.line, each.position.column);
    object["key"] = each.key;
    object["value"] = each.value;
    object["origin"] = each.origin;
    text += line_of(object);
  }
  return text;
}

}  // namespace repopipe
