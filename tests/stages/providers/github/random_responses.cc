#include "tests/stages/providers/github/random_responses.h"

#include <algorithm>
#include <array>

#include "tests/testing/gzip.h"

namespace repopipe::testing {
namespace {

constexpr std::array kStatuses{0,   100, 200, 202, 204, 206, 300, 301, 302, 303,
                               304, 307, 308, 400, 401, 403, 404, 408, 409, 410,
                               418, 422, 429, 451, 500, 502, 503, 999};

struct Field {
  std::string_view name;
  std::string_view value;
};

constexpr Field kFields[] = {
    {"content-encoding", "identity"},
    {"content-encoding", "br"},
    {"etag", "W/\"a\""},
    {"etag", ""},
    {"link", "<https://api.github.com/user/7/repos?page=2>; rel=\"next\""},
    {"link", "<https://api.github.com/a?page=2>; rel=next, <?page=2001>; rel=last"},
    {"link", "</a?page=2>; rel=next, </a?page=2002>; rel=last"},
    {"link", "</a?page=2>; rel=next, </a?page=0>; rel=last"},
    {"link", "<https://evil.example/a?page=2>; rel=next"},
    {"link", "<//evil.example/a?page=2>; rel=next"},
    {"link", "<../../../?page=2>; rel=next"},
    {"link", "</a?page=99999999999999999999>; rel=next"},
    {"link", "<<<>>>;;;,,,\"rel=next"},
    {"location", "https://api.github.com/user/7/repos"},
    {"location", "/user/7"},
    {"location", "/api/v3/user/7"},
    {"location", "/api/v3/../../x"},
    {"location", "https://ghe.example/api/v3/x/%2e%2e/y"},
    {"location", "../../../../.."},
    {"location", "//evil.example/"},
    {"location", "https://api.github.com@evil.example/"},
    {"location", "https://api.github.com\\@evil.example/"},
    {"location", "/\\evil.example/@x:y"},
    {"location", "?a=//evil.example/"},
    {"location", "#"},
    {"location", "."},
};

constexpr std::string_view kNames[] = {
    "date", "etag",     "github-authentication-token-expiration",
    "link", "location", "retry-after",
    "link", "location", "retry-after",
    "date", "date",     "x-ratelimit-limit",
    "date", "date",     "x-ratelimit-remaining",
    "date", "date",     "x-ratelimit-reset",
};

constexpr std::string_view kValues[] = {
    "",
    "0",
    "1",
    "60",
    "-1",
    "1.5",
    "+5",
    " 7 ",
    "2000000060",
    "1999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1000000000000000000000000000000",
    "1e9",
    "nan",
    "Wed, 18 May 2033 03:33:20 GMT",
    "Wed, 18 May 2033 04:33:20 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 01 Jan 0000 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "2033-05-18 03:33:20 UTC",
    "0000-01-01 00:00:00 +9999",
    "9999-12-31 23:59:59 -9999",
    "2033-05-18 03:33:20 +02:00",
    "2033-05-18 03:33:20 +",
};

constexpr std::string_view kPage =
    R"([{"id":5000000001,"node_id":"R_1","name":"hello","full_name":"octocat/hello","private":false,
"owner":{"login":"octocat","id":7,"url":"https://api.github.com/users/octocat","site_admin":false},
"description":"a \"b\" \u00e4 \ud83d\ude00","fork":true,"url":"https:\/\/api.github.com","size":-1,
"license":{"key":"mit","name":null,"x":[1,2.5e3,{"y":[]}]},"topics":["a","\ud83d b"],"stars":0,
"permissions":{"admin":false,"push":true,"pull":null},"homepage":"","created_at":"2011-01-26"},
null,{"id":2,"name":"w","full_name":"octocat/w","owner":{"login":"octocat","id":7}}])";

constexpr std::string_view kAccount =
    R"({"login":"octocat","id":7,"name":null,"plan":{"space":1.5,"n":[true,"\n"]},"bio":"\u00e4"})";

constexpr std::string_view kOthers[] = {
    "",     "[]",   "[null]", "{}",
    "null", "[[]]", "<html>", R"({"message":"You have exceeded a secondary rate limit"})",
};

constexpr std::string_view kSpice = "{}[],:\"\\0123456789.-+eEtrufalsnd \n\x01\x7f\x80\xff";

}  // namespace

Response RandomResponses::next() {
  Response response;
  const std::size_t way = below(4);
  response.status = way < 2 ? 200 : static_cast<int>(below(1000));
  if (way == 2) response.status = kStatuses[below(kStatuses.size())];
  response.body = body();
  if (below(4) == 0) {
    response.body = gzip(response.body);
    if (below(8) == 0) response.body = mutated(std::move(response.body));
    response.headers.add("content-encoding", "gzip");
  }
  add_headers(response.headers);
  return response;
}

void RandomResponses::add_headers(Headers& headers) {
  for (const Field& field : kFields) {
    if (below(std::size(kFields)) == 0) headers.add(field.name, field.value);
  }
  for (std::size_t i = below(6); i > 0; --i) {
    const std::string_view name = kNames[below(std::size(kNames))];
    headers.add(name, below(8) == 0 ? noise() : std::string(kValues[below(std::size(kValues))]));
  }
}

std::string RandomResponses::body() {
  switch (below(8)) {
    case 0:
      return noise();
    case 1:
      return std::string(kPage);
    case 2:
      return std::string(kAccount);
    case 3:
      return mutated(std::string(kAccount));
    case 4:
      return std::string(kOthers[below(std::size(kOthers))]);
    default:
      return mutated(std::string(kPage));
  }
}

std::string RandomResponses::mutated(std::string text) {
  for (std::size_t i = 1 + below(3); i > 0 && !text.empty(); --i) {
    const std::size_t at = below(text.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(16, text.size() - at));
    switch (below(5)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(below(text.size()), text.substr(at, length));
        break;
      case 3:
        text.insert(at, 1, kSpice[below(kSpice.size())]);
        break;
      default:
        text[at] = kSpice[below(kSpice.size())];
        break;
    }
  }
  return text;
}

std::string RandomResponses::noise() {
  std::string text(below(64), '\0');
  for (char& c : text) c = static_cast<char>(below(256));
  return text;
}

}  // namespace repopipe::testing
