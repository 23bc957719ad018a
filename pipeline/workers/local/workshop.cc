#include "pipeline/workers/local/workshop.h"

#include <fmt/format.h>

#include <utility>

#include "stages/fetch/http_client.h"
#include "stages/parse/rest.h"

namespace repopipe {
namespace {

HttpOptions http_options(const WorkSettings& settings, const Provider& provider,
                         std::vector<std::string> tokens, std::string_view version) {
  HttpOptions options{.base_url = settings.base_url,
                      .headers = {},
                      .tokens = std::move(tokens),
                      .user_agent = fmt::format("repopipe/{}", version),
                      .ca_file = settings.ca_file,
                      .timeout = settings.timeout,
                      .max_body = settings.max_body,
                      .concurrency = settings.concurrency};
  options.headers.assign(provider.headers.begin(), provider.headers.end());
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
  const Provider* provider = find_provider(settings.provider);
  if (provider == nullptr) return fail(FailureKind::internal, "no provider " + settings.provider);
  HttpOptions options = http_options(settings, *provider, std::move(tokens), version);
  options.warn = std::move(warn);
  return Workshop{.protocol = std::make_unique<RestProtocol>(
                      *provider, ProtocolSettings{settings.base_url, settings.per_page}),
                  .engine = make_engine(settings.engine, std::move(options), clock),
                  .max_body = settings.max_body,
                  .parse_concurrency = settings.parse_concurrency,
                  .transforms = settings.transforms};
}

}  // namespace repopipe
