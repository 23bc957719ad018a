// What is special to one API: which request a user begins with, what a reply means, how a body
// becomes records.  Providers stand in one table (providers/providers.cc).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/core/field.h"
#include "pipeline/core/listing.h"
#include "pipeline/core/reply.h"
#include "pipeline/core/result.h"
#include "pipeline/core/ticket.h"
#include "stages/padded_text.h"

namespace repopipe {

struct JsonScratch;

// A reply that is a page, and what to ask for next.
struct Accept {
  std::vector<Request> follow_ups;
};
using Verdict = std::variant<Accept, Failure>;

// Pure: no I/O, no clock; const and safe from any thread.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual Request first_request(const Key& key) const = 0;
  // By status and headers alone; the body has not been looked at.
  virtual Verdict judge(const Ticket& ticket, const Reply& reply) const = 0;
  // `body` is inflated and whole.  On failure the message names the record and the JSON path.
  virtual Result<Page> parse(const Ticket& ticket, PaddedText body, JsonScratch& scratch) const = 0;
};

struct ProviderSettings {
  std::string base_url;  // no trailing slash
  int per_page = 100;
};

// A row of the table of providers.
struct ProviderEntry {
  std::string_view kind;  // `provider.kind` in the job file
  Fields (*fields)();
  std::span<const std::string_view> request_headers;  // sent with every request, "Name: value"
  std::unique_ptr<Provider> (*make)(const ProviderSettings& settings);
};

std::span<const ProviderEntry> providers();

// The row of that kind; null when there is none.
const ProviderEntry* find_provider(std::string_view kind);

}  // namespace repopipe
