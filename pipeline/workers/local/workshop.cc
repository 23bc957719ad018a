#include "pipeline/workers/local/workshop.h"

#include <fmt/format.h>

#include <utility>

#include "stages/fetch/http_client.h"

namespace repopipe {
namespace {

HttpOptions http_options(const WorkSettings& settings, const ProviderEntry& provider,
                         std::vector<std::string> tokens, std::string_view version) {
  HttpOptions options{.base_url = settings.base_url,
                      .headers = {},
                      .tokens = std::move(tokens),
                      .user_agent = fmt::format("repopipe/{}", version),
                      .ca_file = settings.ca_file,
                      .timeout = settings.timeout,
                      .max_body = settings.max_body,
                      .concurrency = settings.concurrency};
  options.headers.assign(provider.request_headers.begin(), provider.request_headers.end());
  return options;
}

std::unique_ptr<HttpClient> make_engine(EngineKind kind, HttpOptions options, const Clock& clock) {
  switch (kind) {
    case EngineKind::event_loop:
      return make_event_loop_engine(std::move(options), clock);
    case EngineKind::threads:
      return make_threads_engine(std::move(options), clock);
  }
  return nullptr;
}

}  // namespace

Result<Workshop> Workshop::open(const WorkSettings& settings, std::vector<std::string> tokens,
                                std::string_view version, const Clock& clock,
                                std::function<void(const std::string&)> warn) {
  const ProviderEntry* entry = find_provider(settings.provider);
  if (entry == nullptr) return fail(FailureKind::internal, "no provider " + settings.provider);
  Workshop workshop;
  workshop.fields_ = entry->fields();
  workshop.provider_ = entry->make({settings.base_url, settings.per_page});
  HttpOptions options = http_options(settings, *entry, std::move(tokens), version);
  options.warn = std::move(warn);
  workshop.engine_ = make_engine(settings.engine, std::move(options), clock);
  workshop.max_body_ = settings.max_body;
  workshop.parse_concurrency_ = settings.parse_concurrency;
  return workshop;
}

}  // namespace repopipe
