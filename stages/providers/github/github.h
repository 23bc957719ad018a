// GitHub's REST API, and GitHub Enterprise Server's: the listing of a user's repositories.
#pragma once

#include <optional>
#include <string>

#include "pipeline/model/provider.h"
#include "stages/parse/json_row.h"

namespace repopipe {

class GithubProvider final : public Provider {
 public:
  explicit GithubProvider(ProviderSettings settings);

  Request ask(const Question& question) const override;
  Verdict judge(const Task& task, const Response& response, std::string_view body) const override;
  Result<Answer> read(const Task& task, const Response& response, PaddedText body,
                      JsonScratch& scratch) const override;

  // The row of the table of providers.
  static ProviderEntry entry();

 private:
  using Meaning = decltype(Verdict::meaning);

  std::optional<Meaning> meaning_of(const Task& task, const Response& response) const;
  Meaning unchanged(const Request& request, const Response& response) const;
  Meaning moved(const Request& request, const Response& response) const;
  Result<Answer> read_page(const Request& request, const Response& response, PaddedText body,
                           JsonScratch& scratch) const;

  ProviderSettings settings_;
  JsonRowReader reader_;
};

}  // namespace repopipe
