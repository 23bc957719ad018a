// The protocol of a REST API with JSON arrays: requests, statuses, redirects, pages, 304.  What
// differs between APIs is in Provider, Resource and Route.
#pragma once

#include <optional>
#include <string>

#include "pipeline/model/provider.h"
#include "stages/parse/json_row.h"
#include "stages/parse/paging.h"

namespace repopipe {

class RestProtocol final : public Protocol {
 public:
  // `provider` outlives the protocol.
  RestProtocol(const Provider& provider, const ProtocolSettings& settings);

  Request ask(const Question& question) const override;
  bool knows_numbers() const override;
  Verdict judge(const Task& task, const Response& response, std::string_view body) const override;
  Result<Answer> read(const Task& task, const Response& response, PaddedText body,
                      JsonScratch& scratch) const override;

 private:
  using Meaning = decltype(Verdict::meaning);

  Request listing(std::string_view path, std::string_view account, int per_page) const;
  std::optional<Meaning> meaning_of(const Task& task, const Response& response) const;
  Meaning unchanged(const Request& request, const Response& response) const;
  Meaning moved(const Request& request, const Response& response) const;
  Result<Answer> read_page(const Request& request, const Response& response, PaddedText body,
                           JsonScratch& scratch) const;

  const Provider& provider_;
  const Resource& resource_;
  const Route& route_;
  ListAddress address_;
  int per_page_;
  JsonRowReader reader_;
};

}  // namespace repopipe
