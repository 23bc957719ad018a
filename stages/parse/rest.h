// The protocol of a REST API with JSON arrays: requests, statuses, redirects, pages, 304.  What
// differs between APIs is in Provider, Resource and Route.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/model/provider.h"
#include "stages/parse/json_row.h"
#include "stages/parse/paging.h"

namespace repopipe {

class RestProtocol final : public Protocol {
 public:
  // `provider` outlives the protocol.
  RestProtocol(const Provider& provider, const ProtocolSettings& settings);

  Request ask(const Question& question) const override;
  const Resource& resource(int id) const override;
  bool knows_numbers(int resource) const override;
  Verdict judge(const Task& task, const Response& response, std::string_view body) const override;
  Result<Answer> read(const Task& task, const Response& response, PaddedText body,
                      JsonScratch& scratch) const override;

 private:
  using Meaning = decltype(Verdict::meaning);

  // A resource with the way in which it is asked for.
  struct List {
    List(const Provider& provider, const Resource& of, const ProtocolSettings& settings);
    Request first_page(std::string_view path, std::string_view account, int per_page) const;

    const Resource& resource;
    const Route& route;
    ListAddress address;
    int per_page;
    JsonRowReader reader;
  };
  // Throws std::out_of_range for a resource that the provider lacks.
  const List& list(int resource) const;
  static std::optional<Meaning> meaning_of(const ListAddress& address, const Task& task,
                                           const Response& response);
  static Meaning unchanged(const ListAddress& address, const Request& request,
                           const Response& response);
  static Meaning moved(const ListAddress& address, const Request& request,
                       const Response& response);
  Result<Answer> read_page(const List& list, const Request& request, const Response& response,
                           PaddedText body, JsonScratch& scratch) const;

  const Provider& provider_;
  std::vector<List> lists_;
};

}  // namespace repopipe
