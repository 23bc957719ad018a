// A whole response of GitHub through RestProtocol.  The first line of an input is "STATUS KIND PAGE
// LAST": the status; "page", "known" (with an ETag), "account" or "owner"; the page that was asked
// for and the last one announced.  Header lines follow up to an empty line, then the body.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "pipeline/base/text.h"
#include "stages/parse/inflate.h"
#include "stages/parse/json_value.h"
#include "stages/parse/paging.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"
#include "tests/fuzz/page_checks.h"
#include "tests/fuzz/require.h"

namespace repopipe::fuzz {
namespace {

constexpr int kMostPages = 10'000;
constexpr Bytes kMostBody{1 << 20};

const RestProtocol& provider() {
  static const RestProtocol github(kGithub,
                                   {.base_url = "https://api.github.com", .per_page = 100});
  return github;
}

// What became of a response.
struct Outcome {
  RateLimitInfo rate_limits;
  Result<Answer> answer;
};

// The only place that uses the provider's interface, as parse_response does.
Outcome exercise(const Task& task, const Response& response) {
  static Inflater inflater;
  static JsonScratch scratch;
  const auto body =
      inflater.inflate(response.body, response.headers.find("content-encoding"), kMostBody);
  Verdict verdict = provider().judge(task, response, body ? body->text : std::string_view{});
  Outcome outcome{.rate_limits = verdict.rate_limits};
  if (auto* failure = std::get_if<Failure>(&verdict.meaning)) {
    outcome.answer = fail(std::move(*failure));
  } else if (auto* moved = std::get_if<Redirect>(&verdict.meaning)) {
    outcome.answer = std::move(*moved);
  } else if (auto* unchanged = std::get_if<Unchanged>(&verdict.meaning)) {
    outcome.answer = PageRead{.follow_ups = std::move(unchanged->follow_ups)};
  } else if (body) {
    outcome.answer = provider().read(task, response, *body, scratch);
  } else {
    outcome.answer = fail(body.error());
  }
  return outcome;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::string_view take_word(std::string_view& line) {
  line = trim(line);
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

int take_number(std::string_view& line, int minimum, int maximum) {
  const std::string_view word = take_word(line);
  int number = minimum;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return std::clamp(number, minimum, maximum);
}

Request asked(std::string_view kind, int page, int last_announced) {
  if (kind == "account") return provider().ask(WhoIs{7});
  if (kind == "owner") return provider().ask(WhoseToken{});
  Request request = provider().ask(ListingOf{.login = "octocat"});
  request.target = with_query_number(request.target, "page", page);
  request.page = page;
  request.last_announced = last_announced;
  if (kind == "known") {
    request.etag = "\"known\"";
    request.next = with_query_number(request.target, "page", page + 1);
    request.last_known = last_announced;
  }
  return request;
}

// As Transfer::on_header takes them.
Headers take_headers(std::string_view& text) {
  Headers headers;
  while (!text.empty()) {
    const std::string_view line = trim(take_line(text));
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    headers.add(line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  return headers;
}

void check_follow_ups(const Request& request, const std::vector<Request>& follow_ups) {
  require(follow_ups.size() <= kMostPages, "a response asks for a bounded number of pages");
  int last = request.last_announced;  // never below its own page
  for (const Request& next : follow_ups) {
    require(next.target.starts_with('/'), "a target begins with a slash", next.target);
    const auto number = query_number(next.target, "page");
    require(number == next.page || (!number && follow_ups.size() == 1),
            "a target names its page, or is the only one", next.target);
    require(next.page > last, "pages grow, and none is asked for twice", next.target);
    require(next.last_announced == follow_ups.back().page, "the last page is announced");
    last = next.page;
  }
}

void check_signals(const RateLimitInfo& rate_limits) {
  require(!rate_limits.wait || *rate_limits.wait >= Duration::zero(), "a wait is never negative");
  require(!rate_limits.quota || rate_limits.quota->resets_in >= Duration::zero(),
          "a quota never resets in the past");
  if (!rate_limits.note.empty()) require_line(rate_limits.note);
}

void check_answer(const Request& request, const Answer& answer) {
  if (const auto* moved = std::get_if<Redirect>(&answer)) {
    return require(moved->target.starts_with('/'), "a target begins with a slash", moved->target);
  }
  const auto* listed = std::get_if<PageRead>(&answer);
  require((listed != nullptr) == (request.kind == RequestKind::page), "the answer fits");
  if (listed == nullptr) return;
  check_follow_ups(request, listed->follow_ups);
  check_page(listed->page);
}

void check(std::string_view text) {
  std::string_view first = take_line(text);
  Response response{.status = take_number(first, 0, 999)};
  const std::string_view kind = take_word(first);
  const int page = take_number(first, 1, kMostPages);
  const int last = take_number(first, page, kMostPages);
  const Task task{.login = "octocat", .request = asked(kind, page, last)};
  response.headers = take_headers(text);
  response.body = text;
  const Outcome outcome = exercise(task, response);
  check_signals(outcome.rate_limits);
  if (!outcome.answer) return require_line(outcome.answer.error().message);
  check_answer(task.request, *outcome.answer);
}

}  // namespace
}  // namespace repopipe::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  repopipe::fuzz::check(repopipe::fuzz::text_of(bytes, size));
  return 0;
}
