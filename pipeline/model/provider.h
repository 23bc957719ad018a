// What is special to one API: how a question becomes a request, what a response means,
// how a body becomes records.  Providers stand in one table (providers/providers.cc).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/http.h"
#include "pipeline/model/listing.h"
#include "pipeline/model/resource.h"
#include "pipeline/model/task.h"

namespace repopipe {

struct JsonScratch;

// What a request is to find out.
struct ListingOf {  // a login's listing, from its first page on
  std::string_view login;
  int per_page = 0;  // 0: the job's
};
struct ListingOfAccount {  // the same by number, whatever its login is now
  std::int64_t account = 0;
  int per_page = 0;
};
struct WhoIs {  // the login of a number
  std::int64_t account = 0;
};
struct WhoseToken {};  // the account that the request's own token belongs to
using Question = std::variant<ListingOf, ListingOfAccount, WhoIs, WhoseToken>;

// What a response is.
struct InBody {};   // an answer: `read` it
struct Unchanged {  // the page is as it was when its ETag was kept
  std::vector<Request> follow_ups;
  std::string next{};  // the target of the page behind it, if the response names one
};
struct Verdict {
  std::variant<InBody, Unchanged, Redirect, Failure> meaning;
  RateLimitInfo rate_limits{};
};

// Pure: no I/O, no clock; const and safe from any thread.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual Request ask(const Question& question) const = 0;
  // `body` is inflated; empty when there is none, or when it could not be.
  virtual Verdict judge(const Task& task, const Response& response,
                        std::string_view body) const = 0;
  // Of a response judged InBody; `body` is whole.  On failure the message names the record and the
  // JSON path.
  virtual Result<Answer> read(const Task& task, const Response& response, PaddedText body,
                              JsonScratch& scratch) const = 0;
};

struct ProviderSettings {
  std::string base_url;  // no trailing slash
  int per_page = 100;
};

// A row of the table of providers.
struct ProviderEntry {
  std::string_view kind;  // `provider.kind` in the job file
  Fields (*fields)();
  Resources (*resources)();
  std::span<const std::string_view> request_headers;  // sent with every request, "Name: value"
  std::unique_ptr<Provider> (*make)(const ProviderSettings& settings);
};

std::span<const ProviderEntry> providers();

// The row of that kind; null when there is none.
const ProviderEntry* find_provider(std::string_view kind);

}  // namespace repopipe
