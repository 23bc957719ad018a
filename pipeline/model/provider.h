// Provider: a value that describes an API.  Protocol: writes requests and reads responses.  The
// table of providers is stages/providers/providers.cc.
//
// An API fits if a list is a JSON array of objects, in pages by number from 1 or by the Link
// header; if records and accounts have integer ids; and if it takes `Authorization: Bearer TOKEN`.
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

// The purpose of a request.
struct ListingOf {  // a login's listing, from its first page
  std::string_view login;
  int per_page = 0;  // 0: that of the job
  int resource = kRepositoriesId;
};
struct ListingOfAccount {  // the same by id, whatever the login is
  std::int64_t account = 0;
  int per_page = 0;
  int resource = kRepositoriesId;
};
struct WhoHas {  // the number of a login
  std::string_view login;
};
struct WhoIs {  // the login of an id
  std::int64_t account = 0;
};
struct WhoseToken {};  // the account of the request's token
using Question = std::variant<ListingOf, ListingOfAccount, WhoHas, WhoIs, WhoseToken>;

// The kinds of valid responses.
struct InBody {};   // its body must be `read`
struct Unchanged {  // the page has not changed since its ETag was stored
  std::vector<Request> follow_ups;
  std::string next{};  // target of the next page, if the response names one
};
struct Verdict {
  std::variant<InBody, Unchanged, Redirect, Failure> meaning;
  RateLimitInfo rate_limits{};
};

// Threading: any thread; no state, no I/O, no clock.
class Protocol {
 public:
  virtual ~Protocol() = default;
  virtual Request ask(const Question& question) const = 0;
  // The resource with that id, which the provider has.
  virtual const Resource& resource(int id) const = 0;
  // Whether the API supports ListingOfAccount and WhoIs for that resource.
  virtual bool knows_numbers(int resource) const = 0;
  // `body` is inflated; empty: there is none, or it cannot be inflated.
  virtual Verdict judge(const Task& task, const Response& response,
                        std::string_view body) const = 0;
  // Reads a response that was classified as InBody; `body` is complete.  The message of a failure
  // names the record and its JSON path.
  virtual Result<Answer> read(const Task& task, const Response& response, PaddedText body,
                              JsonScratch& scratch) const = 0;
};

struct ProtocolSettings {
  std::string base_url;  // without a trailing slash
  int per_page = 100;
};

// The names of members in the API's JSON objects.
struct JsonNames {
  std::string_view account_id = "id";        // an integer
  std::string_view account_login = "login";  // text
  std::string_view message = "message";      // the text of an error response
};

// The body of an error response.
struct ErrorBody {
  std::string_view text;                 // inflated; empty: there is none, or it cannot be inflated
  std::optional<std::string> message{};  // JsonNames::message in one printable line; nothing: the
                                         // text is no JSON object that has it
};

// A response that is an error: its kind, and the wait that the API asks for.
struct Refusal {
  Failure failure;
  std::optional<Duration> wait{};
};

// The usernames of a provider: letters, digits and some marks.
struct UsernameRule {
  std::size_t longest = 0;
  std::string_view marks;  // allowed besides letters and digits
  std::string_view words;  // the allowed characters for messages: "letters, digits and hyphens"
  std::string_view not_first{};  // marks that must not be the first character
  std::string_view suffix{};     // allowed at the end and not counted: "[bot]"
  std::string_view host{};       // host of its web addresses; empty: there are many servers
};

// Default limits of a job; 0: no limit.
struct LimitDefaults {
  int concurrent = 0;
  int requests_per_minute = 0;
  int response_seconds_per_minute = 0;
};

// What an account of the API at `default_url` may request in an hour; 0: it has no quota.
// Operators of other servers set their own.
struct HourlyQuota {
  std::uint64_t with_token = 0;
  std::uint64_t without_token = 0;
  bool not_modified_is_free = false;  // 304 costs nothing, with a token
};

// Paths contain {login} or {id}.  Functions have no state and run on any thread.
struct Provider {
  std::string_view kind;                      // `provider.kind` in the job file
  std::string_view default_url{};             // default of `provider.base_url`; empty: none
  std::string_view example_url{};             // an address for messages, if there is no default
  std::string_view account_by_id{};           // path of an account by id
  std::string_view account{};                 // the same by login; required if lacks_parent()
  std::string_view probe;                     // path that needs no token
  std::string_view token_owner;               // path of the account of a token
  std::span<const std::string_view> headers;  // sent with every request: "Name: value"
  JsonNames json{};
  std::string_view token_scopes{};    // response header with the scopes of the token
  bool ignores_wrong_tokens = false;  // a wrong token counts as none: check each token
  UsernameRule username;
  LimitDefaults limits;
  HourlyQuota quota{};
  // Quota and expiry of the token; `wait` is not set.
  RateLimitInfo (*rate_limits)(const Response& response);
  // Classifies a response that is no page, not 304 and no redirect.  HTML is always an error.
  Refusal (*error)(const Response& response, const ErrorBody& body);
  // Why records are hidden from the token; empty: none are.  Null: no response says so.
  std::string (*partial)(const Response& response) = nullptr;
  Resources resources;  // the first one is that of the repositories
};

// The first one is the default.
std::span<const Provider* const> providers();

// The provider of that kind; null: there is none.
const Provider* find_provider(std::string_view kind);

}  // namespace repopipe
