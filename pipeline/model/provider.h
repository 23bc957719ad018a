// Provider: a value that describes one API.  Protocol: how questions become requests, and responses
// become answers.  The table of providers is stages/providers/providers.cc.
#pragma once

#include <optional>
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
class Protocol {
 public:
  virtual ~Protocol() = default;
  virtual Request ask(const Question& question) const = 0;
  // Whether ListingOfAccount and WhoIs can be asked.
  virtual bool knows_numbers() const = 0;
  // `body` is inflated; empty when there is none, or when it could not be.
  virtual Verdict judge(const Task& task, const Response& response,
                        std::string_view body) const = 0;
  // Of a response judged InBody; `body` is whole.  On failure the message names the record and the
  // JSON path.
  virtual Result<Answer> read(const Task& task, const Response& response, PaddedText body,
                              JsonScratch& scratch) const = 0;
};

struct ProtocolSettings {
  std::string base_url;  // no trailing slash
  int per_page = 100;
};

// A response that is no answer: the kind of failure, and how long the API asks to be left alone.
struct Refusal {
  Failure failure;
  std::optional<Duration> wait{};
};

// How the accounts of a provider may be called: letters, digits and some marks.
struct UsernameRule {
  std::size_t longest = 0;
  std::string_view marks;        // besides letters and digits
  std::string_view words;        // what it may hold, for messages: "letters, digits and hyphens"
  std::string_view not_first{};  // marks that it does not begin with
  std::string_view suffix{};     // may follow, and is not counted: "[bot]"
  std::string_view host{};       // of its web addresses; empty: one of many servers
};

// What the limits of a job are if it names none; 0: no such limit.
struct LimitDefaults {
  int concurrent = 0;
  int requests_per_minute = 0;
  int response_seconds_per_minute = 0;
};

// A path holds {login} or {id}.  Functions are pure and safe from any thread.
struct Provider {
  std::string_view kind;             // `provider.kind` in the job file
  std::string_view default_url{};    // of `provider.base_url`; empty: it has none
  std::string_view example_url{};    // of a server, where there is no default
  std::string_view account_by_id{};  // path of an account by its number
  std::string_view probe;            // path that is answered without a token
  std::string_view token_owner;      // path of the account that the request's own token belongs to
  std::span<const std::string_view> headers;  // sent with every request, "Name: value"
  bool ignores_wrong_tokens = false;  // it answers as if there was none: each is to be checked
  UsernameRule username;
  LimitDefaults limits;
  // Quota, and the end of the token; `wait` stays open.
  RateLimitInfo (*rate_limits)(const Response& response);
  // Of any response that is neither an answer, nor unchanged, nor a redirect.  `body` is inflated.
  // HTML is never an answer.
  Refusal (*error)(const Response& response, std::string_view body);
  // Why a list lacks what the token may not see; empty: it does not.  Null: no response says so.
  std::string (*partial)(const Response& response) = nullptr;
  Resources resources;
};

// The first is the one of a job that names none.
std::span<const Provider* const> providers();

// The provider of that kind; null when there is none.
const Provider* find_provider(std::string_view kind);

}  // namespace repopipe
