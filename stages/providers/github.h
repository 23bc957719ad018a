// GitHub's REST API, and GitHub Enterprise Server's: the listing of a user's repositories.
#pragma once

#include <string>

#include "stages/provider.h"
#include "stages/providers/json_row.h"

namespace repopipe {

class GithubProvider final : public Provider {
 public:
  explicit GithubProvider(ProviderSettings settings);

  Request first_request(const Key& key) const override;
  Verdict judge(const Ticket& ticket, const Reply& reply) const override;
  Result<Page> parse(const Ticket& ticket, PaddedText body, JsonScratch& scratch) const override;

  // The row of the table of providers.
  static ProviderEntry entry();

 private:
  Verdict follow(const Ticket& ticket, const Reply& reply) const;

  ProviderSettings settings_;
  JsonRowReader reader_;
};

}  // namespace repopipe
