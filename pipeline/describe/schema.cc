#include "pipeline/describe/schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "pipeline/describe/explain.h"
#include "pipeline/job/job_keys.h"
#include "pipeline/model/provider.h"
#include "pipeline/model/transform.h"

namespace repopipe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDuration = "^([0-9]+(ms|s|m|h|d))+$";
constexpr std::string_view kSize = "^[0-9]+(B|KB|KiB|MB|MiB|GB|GiB)$";
constexpr std::string_view kNoControls = R"(^(?![\s\S]*[\x00-\x1f\x7f]))";
constexpr std::string_view kUrl = "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]";
constexpr std::string_view kPath = R"(^(?!~/)(?![\s\S]*\x00))";
constexpr std::string_view kShellCommand = R"(^(?![\s\S]*\x00)[\s\S]*\S)";
constexpr std::string_view kPingUrl =
    R"(^(\s*https?://[^/?#:\s]|env:[^=]*[^= \t][^=]*$|file:[\s\S]))";
constexpr std::string_view kQueue =
    R"(^(redis://[\s\S]|env:[\s\S]|credential:(?!\.{1,2}$)[^/]*[^/ \t][^/]*$))";
constexpr std::string_view kToken =
    R"(^(env:[^=]*[^= \t][^=]*|(file|cmd):[\s\S]*[^ \t][\s\S]*|credential:(?!\.{1,2}$)[^/]*[^/ \t][^/]*)$)";

Json text_like(std::string_view pattern) {
  return {{"type", {"string", "null"}}, {"pattern", pattern}};
}
Json path() {
  Json path = text_like(kPath);
  path["minLength"] = 1;
  return path;
}

// Every key may be null, which is its default.  So may every section.
struct TypeOf {
  Json operator()(const WholeForm& form) const {
    const Json whole{{"type", "integer"}, {"minimum", form.minimum}, {"maximum", form.maximum}};
    Json all{{"anyOf", Json::array({whole, Json{{"type", "null"}}})}};
    if (!form.word_for_zero.empty()) all["anyOf"].push_back({{"const", form.word_for_zero}});
    return all;
  }
  Json operator()(const DurationForm& form) const {
    const Json duration = text_like(kDuration);
    if (form.word_for_forever.empty()) return duration;
    return {{"anyOf", Json::array({duration, Json{{"const", form.word_for_forever}}})}};
  }
  Json operator()(const SizeForm&) const { return text_like(kSize); }
  Json operator()(const RatioForm& form) const {
    return {{"type", {"number", "null"}}, {"minimum", form.minimum}, {"maximum", form.maximum}};
  }
  Json operator()(const ChoiceForm& form) const {
    Json words = Json::array();
    for (const std::string_view word : form.words) words.push_back(word);
    words.push_back(nullptr);
    return {{"enum", words}};
  }
  Json operator()(const TextForm&) const {
    Json text = text_like(kNoControls);
    text["minLength"] = 1;
    text["maxLength"] = 100;
    return text;
  }
  Json operator()(const UrlForm&) const { return text_like(kUrl); }
  Json operator()(const CommandForm&) const { return text_like(kShellCommand); }
  Json operator()(const PingUrlForm&) const { return text_like(kPingUrl); }
  Json operator()(const PathForm& form) const {
    Json schema = path();
    if (form.ending.empty()) return schema;
    std::string pattern;
    for (const char c : form.ending) pattern += c == '.' ? std::string("\\.") : std::string(1, c);
    schema["pattern"] = fmt::format(R"({}[\s\S]*{}$)", kPath, pattern);
    return schema;
  }
  Json operator()(const CertificatesForm&) const { return path(); }
  Json operator()(const UsernamesForm&) const {
    return {{"type", {"array", "null"}}, {"items", {{"type", "string"}, {"minLength", 1}}}};
  }
  Json operator()(const UsernamesFileForm&) const { return path(); }
  Json operator()(const TokensForm&) const {
    return {{"type", {"array", "null"}}, {"items", {{"type", "string"}, {"pattern", kToken}}}};
  }
  Json operator()(const QueueForm&) const { return text_like(kQueue); }
  // The entries depend on the provider; see rules_of.
  Json operator()(const TransformsForm&) const { return {{"type", {"array", "null"}}}; }
};

// Text of a job file, such as a default, as JSON.
Json value_of(std::string_view text) {
  return Json::parse(value_as_json(text));
}

Json key_schema(const JobKey& key) {
  Json schema{{"description", description_of(key)}};
  schema.update(std::visit(TypeOf{}, key.form));
  if (has_fixed_default(key)) schema["default"] = value_of(key.default_text);
  schema["examples"] = Json::array({value_of(example_of(key))});
  return schema;
}

Json section_schema() {
  return {{"type", {"object", "null"}},
          {"additionalProperties", false},
          {"properties", Json::object()}};
}

bool has_column(const Provider& provider, std::string_view column) {
  for (const Resource* resource : provider.resources) {
    for (const Field& field : resource->fields) {
      if (field.column == column) return true;
    }
  }
  return false;
}

Json columns_of(const Provider& provider) {
  std::set<std::string_view> columns;
  for (const Resource* resource : provider.resources) {
    for (const Field& field : resource->fields) columns.insert(field.column);
  }
  return Json(columns);
}

Json options_of(const Transform& transform, const Provider& provider) {
  Json options{{"type", {"object", "null"}}, {"additionalProperties", false}};
  if (transform.options.empty()) return options;
  options["type"] = "object";
  for (const TransformOption& option : transform.options) {
    options["required"].push_back(option.name);
    options["properties"][std::string(option.name)] = {{"description", option.meaning},
                                                       {"type", "array"},
                                                       {"minItems", 1},
                                                       {"uniqueItems", true},
                                                       {"items", {{"enum", columns_of(provider)}}}};
  }
  return options;
}

// An entry is a name, or a section of one name with its options.
Json transforms_of(const Provider& provider) {
  Json names = Json::array();
  Json steps = Json::object();
  for (const Transform& transform : transforms()) {
    if (!transform.needs.empty() && !has_column(provider, transform.needs)) continue;
    if (transform.options.empty()) names.push_back(transform.name);
    Json step = options_of(transform, provider);
    step["description"] = transform.meaning;
    steps[std::string(transform.name)] = std::move(step);
  }
  const Json section{{"type", "object"},
                     {"minProperties", 1},
                     {"maxProperties", 1},
                     {"additionalProperties", false},
                     {"properties", steps}};
  return {{"items", {{"anyOf", {{{"enum", names}}, section}}}}};
}

Json names_provider(const Json& kinds) {
  const Json kind{
      {"type", "object"}, {"required", {"kind"}}, {"properties", {{"kind", {{"enum", kinds}}}}}};
  return {{"required", {"provider"}}, {"properties", {{"provider", kind}}}};
}

// Whether a job is of the provider.  The first provider is that of a job that names none.
Json condition_of(const Provider& provider) {
  if (&provider != providers().front()) return names_provider(Json::array({provider.kind}));
  Json others = Json::array();
  for (const Provider* other : providers().subspan(1)) others.push_back(other->kind);
  return {{"not", names_provider(others)}};
}

Json rules_of(const Provider& provider) {
  const int largest_page = provider.resources.front()->routes.front().most;
  Json own{{"properties", {{"per_page", {{"maximum", largest_page}}}}}};
  if (provider.default_url.empty()) own["required"] = {"base_url"};
  return {{"if", condition_of(provider)},
          {"then", {{"properties", {{"provider", own}, {"transforms", transforms_of(provider)}}}}}};
}

// A queue has its own workers.
Json rule_of_queue() {
  const Json asked{{"required", {"queue"}}, {"properties", {{"queue", {{"type", "string"}}}}}};
  const Json one{{"properties", {{"processes", {{"maximum", 1}}}}}};
  return {{"if", asked}, {"then", one}};
}

}  // namespace

std::string job_schema() {
  Json properties = Json::object();
  for (const JobKey& key : job_keys()) {
    const std::size_t dot = key.path.find('.');
    const std::string first(key.path.substr(0, dot));
    if (dot == key.path.npos) {
      properties[first] = key_schema(key);
      continue;
    }
    if (!properties.contains(first)) properties[first] = section_schema();
    properties[first]["properties"][std::string(key.path.substr(dot + 1))] = key_schema(key);
  }
  properties["execution"].update(rule_of_queue());
  Json rules = Json::array();
  for (const Provider* provider : providers()) rules.push_back(rules_of(*provider));
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "repopipe job"},
                    {"description", "A job file of repopipe; docs/job-file.md describes it."},
                    {"type", "object"},
                    {"additionalProperties", false},
                    {"properties", properties},
                    {"allOf", rules}};
  return schema.dump(2) + "\n";
}

}  // namespace repopipe
