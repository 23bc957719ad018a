#include "tests/stages/providers/github/github_deck.h"

namespace repopipe::testing {
namespace {

using enum Asked;

constexpr std::string_view kPage =
    R"([{"id":1,"name":"a","full_name":"o/a","owner":{"id":7,"login":"o"},"url":"x"}])";
constexpr std::string_view kDamaged =
    R"([{"id":1,"name":"a","full_name":"o/a","owner":{"id":7,"login":"o"},"url":x}])";
constexpr std::string_view kNoNumber =
    R"([{"id":"1","name":"a","full_name":"o/a","owner":{"id":7,"login":"o"}}])";
constexpr std::string_view kNoIdentity =
    R"([{"name":"a","full_name":"o/a","owner":{"id":7,"login":"o"}}])";
constexpr std::string_view kAccount = R"({"login":"octocat","id":7,"name":null})";
constexpr std::string_view kMessage = R"({"message":"Something went wrong"})";
constexpr std::string_view kHtml = "<!DOCTYPE html><html><body>Unicorn!</body></html>";

// A list of the record of kPage and another one.
#define WITH(record) \
  R"([{"id":1,"name":"a","full_name":"o/a","owner":{"id":7,"login":"o"}},)" record "]"
// A list of one record with one field more.
#define FIELD(field) \
  R"([{"id":1,"name":"a","full_name":"o/a","owner":{"id":7,"login":"o"},)" field "}]"
#define MARK "\xEF\xBB\xBF"
#define URL "https://api.github.com"
#define NOW "date: Wed, 18 May 2033 03:33:20 GMT\n"
#define LINK(relation, page) \
  "<" URL "/user/7/repos?per_page=100&page=" page ">; rel=\"" relation "\""
#define EXPIRES "github-authentication-token-expiration: "

// clang-format off
constexpr Card kCards[] = {
  // Pages.
  {"a page", page, 200, "", kPage, "page of 1"},
  {"a page in gzip", page, 200, "", kPage, "page of 1", Wire::gzip},
  {"an empty page", page, 200, "", "[]", "page of 0"},
  {"a number in a field that nobody reads", page, 200, "", FIELD(R"("score":-1e999)"), "page of 1"},
  {"a page of nulls", page, 200, "", "[null,null]", "page of 0, 2 unnamed"},
  {"the first of three", page, 200, "link: " LINK("next", "2") ", " LINK("last", "3"), kPage, "page of 1, then 2 3"},
  {"the first of nobody knows how many", page, 200, "link: " LINK("next", "2"), kPage, "page of 1, then 2"},
  {"the last", page, 200, "link: " LINK("prev", "1") ", " LINK("first", "1"), kPage, "page of 1"},
  {"one whose successors are asked for", middle_page, 200, "link: " LINK("next", "3") ", " LINK("last", "9"), kPage, "page of 1"},
  {"next and last are one link", page, 200, "link: " LINK("next last", "2"), kPage, "page of 1, then 2"},
  {"a relative link", page, 200, "link: </user/7/repos?page=2>; rel=next", kPage, "page of 1, then 2"},
  {"a full page without an ETag", full_page, 200, "", kPage, "page of 1, then 2"},
  {"a full last page with an ETag", full_page, 200, "etag: W/\"a\"", kPage, "page of 1, then 2"},
  {"a known page that has changed", known_page, 200, "etag: \"b\"", kPage, "page of 1"},
  {"a page with the last of the quota", page, 200, NOW "x-ratelimit-remaining: 0\nx-ratelimit-reset: 2000000060", kPage, "page of 1; quota 0 for 60 s"},
  {"nothing", page, 204, "", "", "incomplete_list request"},
  {"nothing, in gzip", page, 204, "content-encoding: gzip", "", "incomplete_list request"},
  {"empty by conflict", page, 409, "", R"({"message":"Git Repository is empty."})", "incomplete_list request"},

  {"changed by a proxy on the way", page, 203, "", kPage, "page of 1"},
  {"a full page without any link", full_page, 200, "x-ratelimit-remaining: 1", kPage, "page of 1, then 2"},
  {"a full page with a link that nobody can read", full_page, 200, "link: next=2", kPage, "page of 1, then 2"},
  {"a full page that is called the last", full_page, 200, "link: " LINK("prev", "1"), kPage, "page of 1"},
  {"a full page of a null", full_page, 200, "", "[null]", "page of 0, 1 unnamed, then 2"},
  {"a part for want of sign-on", page, 200, "x-github-sso: partial-results; organizations=7,8", kPage, "page of 1, partial"},
  {"next by a cursor", page, 200, "link: <" URL "/user/7/repos?after=Y3Vyc29y>; rel=next", kPage, "page of 1, then 2"},
  {"next by a cursor behind a page", middle_page, 200, "link: <" URL "/user/7/repos?after=b>; rel=next", kPage, "page of 1"},
  {"next is the page itself", page, 200, "link: </users/octocat/repos?per_page=100&page=1>; rel=next", kPage, "bad_record request"},
  {"next by the address of an inner server", enterprise, 200, "link: <http://inner:8080/api/v3/user/7/repos?page=2>; rel=next", kPage, "page of 1, then 2; noted"},
  {"next without the prefix of the API", enterprise, 200, "link: <https://ghe.example/user/7/repos?page=2>; rel=next", kPage, "page of 1, then 2"},
  {"next is no list of an account", page, 200, "link: <https://evil.example/search?page=2>; rel=next", kPage, "bad_record request"},

  // A bad record costs one record, and is not marked as gone.
  {"an owner that is null", page, 200, "", WITH(R"({"id":81,"name":"b","full_name":"o/b","owner":null})"), "page of 1, not 81"},
  {"an owner that is a text", page, 200, "", WITH(R"({"id":81,"name":"b","full_name":"o/b","owner":"o"})"), "page of 1, not 81"},
  {"a name that is a number", page, 200, "", WITH(R"({"id":81,"name":8,"full_name":"o/b","owner":{"id":7,"login":"o"}})"), "page of 1, not 81"},
  {"a full name that is missing", page, 200, "", WITH(R"({"id":81,"name":"b","owner":{"id":7,"login":"o"}})"), "page of 1, not 81"},
  {"an id that is a text", page, 200, "", WITH(R"({"id":"81","name":"b","full_name":"o/b","owner":{"id":7,"login":"o"}})"), "page of 1, 1 unnamed"},
  {"an id that is missing", page, 200, "", WITH(R"({"name":"b","full_name":"o/b","owner":{"id":7,"login":"o"}})"), "page of 1, 1 unnamed"},
  {"an id that no number holds", page, 200, "", WITH(R"({"id":99999999999999999999,"name":"b","full_name":"o/b","owner":{"id":7,"login":"o"}})"), "page of 1, 1 unnamed"},
  {"a number among the records", page, 200, "", WITH("5"), "page of 1, 1 unnamed"},
  {"a list among the records", page, 200, "", WITH("[[{}]]"), "page of 1, 1 unnamed"},
  {"a null among the records", page, 200, "", WITH("null"), "page of 1, 1 unnamed"},
  {"a bad record behind a full page", full_page, 200, "", WITH("7"), "page of 1, 1 unnamed, then 2"},
  {"two bad records of three", page, 200, "", WITH("5,6"), "bad_record request"},
  {"a record that breaks off", page, 200, "", WITH(R"({"id":81,)"), "malformed request"},

  // An invalid optional value becomes NULL.
  {"stars that are a text", page, 200, "", FIELD(R"("stargazers_count":"many")"), "page of 1"},
  {"stars with a fraction", page, 200, "", FIELD(R"("stargazers_count":1.5)"), "page of 1"},
  {"a date that is a number", page, 200, "", FIELD(R"("pushed_at":1700000000)"), "page of 1"},
  {"a truth that is a number", page, 200, "", FIELD(R"("fork":1)"), "page of 1"},
  {"topics that are a text", page, 200, "", FIELD(R"("topics":"a")"), "page of 1"},
  {"topics of numbers", page, 200, "", FIELD(R"("topics":[1,{"a":[]}])"), "page of 1"},
  {"a licence that is a text", page, 200, "", FIELD(R"("license":"MIT")"), "page of 1"},
  {"older names of fields", page, 200, "", FIELD(R"("watchers":3,"forks":2,"open_issues":1,"master_branch":"master")"), "page of 1"},

  // Invalid text.
  {"a byte that is no UTF-8", page, 200, "", FIELD("\"description\":\"caf\xE9\""), "page of 1"},
  {"a byte that is no UTF-8 where nobody reads", page, 200, "", FIELD("\"x\":\"\xFF\""), "page of 1"},
  {"half a character at the end of a text", page, 200, "", FIELD("\"description\":\"\xF0\x9F\x90\""), "page of 1"},
  {"a raw tab and a raw line feed", page, 200, "", FIELD("\"description\":\"a\tb\nc\""), "page of 1"},
  {"a raw escape in topics", page, 200, "", FIELD("\"topics\":[\"\x1b[31m\"]"), "page of 1"},
  {"a NUL", page, 200, "", FIELD(R"("description":"a\u0000b","topics":["\u0000"])"), "page of 1"},
  {"half a surrogate pair", page, 200, "", FIELD(R"("description":"\ud83d")"), "page of 1"},
  {"a byte order mark", page, 200, "", MARK "[]", "page of 0"},
  {"a byte order mark in gzip", page, 200, "", MARK "[]", "page of 0", Wire::gzip},
  {"a byte order mark and a byte that is no UTF-8", page, 200, "", MARK FIELD("\"description\":\"\xE9\""), "page of 1"},

  // 200, and yet no page.
  {"a page of HTML", page, 200, "", kHtml, "malformed request"},
  {"an empty body", page, 200, "", "", "malformed request"},
  {"an empty body in gzip", page, 200, "content-encoding: gzip", "", "transport request"},
  {"an object", page, 200, "", kMessage, "malformed request"},
  {"a null", page, 200, "", "null", "malformed request"},
  {"half a page", page, 200, "", kPage.substr(0, 40), "malformed request"},
  {"a page without its end", page, 200, "", kPage.substr(0, kPage.size() - 1), "malformed request"},
  {"half a page in gzip", page, 200, "", kPage, "transport request", Wire::cut_gzip},
  {"a page in brotli", page, 200, "content-encoding: br", "?", "malformed request"},
  {"a page that claims gzip", page, 200, "content-encoding: gzip", kPage, "transport request"},
  {"two pages", page, 200, "", "[][]", "malformed request"},
  {"a page damaged where nobody reads", page, 200, "", kDamaged, "malformed request"},
  {"a record with a wrong type", page, 200, "", kNoNumber, "bad_record request"},
  {"a record without identity", page, 200, "", kNoIdentity, "bad_record request"},
  {"a record that is none", page, 200, "", "[[]]", "bad_record request"},
  {"a part", page, 206, "content-range: bytes 0-9/99", kPage, "malformed request"},
  {"accepted", page, 202, "", "[]", "malformed request"},
  {"created", page, 201, "", kPage, "malformed request"},
  {"status 100", page, 100, "", "", "malformed request"},
  {"status 0", page, 0, "", "", "malformed request"},
  {"status 999", page, 999, "", kPage, "malformed request"},

  // Links that lead astray.
  {"next on another host", page, 200, "link: <https://evil.example/user/7/repos?page=2>; rel=next", kPage, "page of 1, then 2; noted"},
  {"next on another port", page, 200, "link: <" URL ":8443/user/7/repos?page=2>; rel=next", kPage, "page of 1, then 2; noted"},
  {"next without encryption", page, 200, "link: <http://api.github.com/user/7/repos?page=2>; rel=next", kPage, "page of 1, then 2; noted"},
  {"next repeats the page", page, 200, "link: " LINK("next", "1"), kPage, "bad_record request"},
  {"next skips a page", page, 200, "link: " LINK("next", "3"), kPage, "bad_record request"},
  {"next is no number", page, 200, "link: " LINK("next", "x"), kPage, "page of 1, then 2"},
  {"next has no number", page, 200, "link: <" URL "/user/7/repos>; rel=next", kPage, "page of 1, then 2"},
  {"last is below next", page, 200, "link: " LINK("next", "2") ", " LINK("last", "1"), kPage, "bad_record request"},
  {"last is absurd", page, 200, "link: " LINK("next", "2") ", " LINK("last", "2000000000"), kPage, "bad_record request"},
  {"last is no number", page, 200, "link: " LINK("next", "2") ", " LINK("last", "x"), kPage, "bad_record request"},

  // Unchanged.
  {"unchanged", known_page, 304, "etag: \"a\"", "", "unchanged, then 2 3"},
  {"unchanged, in gzip", known_page, 304, "content-encoding: gzip", "", "unchanged, then 2 3"},
  {"unchanged, with links", known_page, 304, "link: " LINK("next", "2") ", " LINK("last", "4"), "", "unchanged, then 2 3 4"},
  {"unchanged, link without a next", known_page, 304, "link: " LINK("first", "1"), "", "unchanged, then 2 3"},
  {"unchanged, next on another host", known_page, 304, "link: <https://evil.example/?page=2>; rel=next", "", "bad_record request"},
  {"unchanged, with a quota", known_page, 304, NOW "x-ratelimit-remaining: 8\nx-ratelimit-reset: 2000000060", "", "unchanged, then 2 3; quota 8 for 60 s"},
  {"unchanged what nobody knows", page, 304, "", "", "malformed request"},
  {"unchanged account", account, 304, "", "", "malformed request"},

  // Moved.
  {"moved permanently", page, 301, "location: " URL "/user/7/repos?per_page=100", kMessage, "moved to /user/7/repos?per_page=100"},
  {"found", page, 302, "location: " URL "/user/7/repos", "", "moved to /user/7/repos"},
  {"moved for now", page, 307, "location: " URL "/user/7/repos", "", "moved to /user/7/repos"},
  {"moved for good", page, 308, "location: " URL "/user/7/repos", "", "moved to /user/7/repos"},
  {"moved account", account, 301, "location: " URL "/user/8", "", "moved to /user/8"},
  {"moved by a relative path", page, 301, "location: /user/7/repos", "", "moved to /user/7/repos"},
  {"moved by a path beside", page, 301, "location: gists", "", "moved to /users/octocat/gists"},
  {"moved to the default port", page, 301, "location: https://API.github.com:443/user/7#x", "", "moved to /user/7"},
  {"moved to itself", page, 301, "location: /users/octocat/repos?per_page=100&page=1", "", "moved to /users/octocat/repos?per_page=100&page=1"},
  {"moved within an enterprise", enterprise, 301, "location: /api/v3/user/7/repos", "", "moved to /user/7/repos"},
  {"moved out of an enterprise's API", enterprise, 301, "location: /user/7/repos", "", "unexpected_status request"},
  {"moved up and out", enterprise, 301, "location: https://ghe.example/api/v3/../../login", "", "unexpected_status request"},
  {"moved to another host", page, 301, "location: https://evil.example/user/7/repos", "", "moved to /user/7/repos; noted"},
  {"moved to a longer host", page, 301, "location: " URL ".evil.example/user/7", "", "moved to /user/7; noted"},
  {"moved to another port", page, 301, "location: " URL ":444/user/7", "", "moved to /user/7; noted"},
  {"moved without encryption", page, 301, "location: http://api.github.com/user/7", "", "moved to /user/7; noted"},
  {"moved behind a user name", page, 301, "location: " URL "@evil.example/user/7", "", "moved to /user/7; noted"},
  {"moved behind no name", page, 301, "location: " URL "@evil/", "", "malformed request"},
  {"moved to another authority", page, 301, "location: //evil.example/user/7", "", "moved to /user/7; noted"},
  {"moved nowhere", page, 301, "", "", "malformed request"},
  {"moved to nothing", page, 302, "location:", "", "malformed request"},
  {"moved the fifth time", fifth_hop, 301, "location: /user/7/repos", "", "moved to /user/7/repos"},
  {"moved the sixth time", sixth_hop, 301, "location: /user/7/repos", "", "unexpected_status request"},
  {"moved, in brotli", page, 301, "location: /user/7\ncontent-encoding: br", "?", "moved to /user/7"},
  {"many choices", page, 300, "location: /user/7/repos", "", "unexpected_status request"},
  {"see other", page, 303, "location: /user/7/repos", "", "unexpected_status request"},

  // Accounts.
  {"who has this number", account, 200, "", kAccount, "account 7 octocat"},
  {"whose token", owner, 200, "", kAccount, "account 7 octocat", Wire::gzip},
  {"an account as a list", account, 200, "", "[]", "malformed request"},
  {"an account without a number", account, 200, "", R"({"login":"octocat"})", "malformed request"},
  {"an account with a text for a number", account, 200, "", R"({"login":"octocat","id":"7"})", "malformed request"},
  {"an account without a name", account, 200, "", R"({"login":"","id":7})", "malformed request"},
  {"half an account", account, 200, "", kAccount.substr(0, 25), "malformed request"},
  {"a damaged account", account, 200, "", R"({"login":"octocat","id":7,"x":tru})", "malformed request"},
  {"two accounts", owner, 200, "", R"({"login":"octocat","id":7}{})", "malformed request"},
  {"no account", account, 204, "", "", "malformed request"},
  {"a conflict of accounts", account, 409, "", "", "unexpected_status request"},

  // The end of a token.
  {"a token that ends tomorrow", page, 200, NOW EXPIRES "2033-05-19 03:33:20 UTC", kPage, "page of 1; token ends in 86400 s"},
  {"a token's end in a time zone", page, 200, NOW EXPIRES "2033-05-19 05:33:20 +0200", kPage, "page of 1; token ends in 86400 s"},
  {"a token that has ended", page, 401, NOW EXPIRES "2033-05-17 03:33:20 UTC", "", "unauthorized principal; token ends in -86400 s"},
  {"a token's end by another clock", page, 200, "date: Wed, 18 May 2033 04:33:20 GMT\n" EXPIRES "2033-05-19 04:33:20 UTC", kPage, "page of 1; token ends in 86400 s"},
  {"a token's end that is rubbish", page, 200, NOW EXPIRES "never", kPage, "page of 1"},
  {"a token until 9999", page, 200, NOW EXPIRES "9999-12-31 23:59:59 UTC", kPage, "page of 1"},
  {"a token's end before anything", page, 200, NOW EXPIRES "0001-01-01 00:00:00 UTC", kPage, "page of 1"},
  {"a clock that stands at 1970", page, 200, "date: Thu, 01 Jan 1970 00:00:00 GMT\n" EXPIRES "2033-05-19 03:33:20 UTC", kPage, "page of 1; token ends in 86400 s"},
  {"a clock in the year 1", page, 200, "date: Mon, 01 Jan 0001 00:00:00 GMT\nx-ratelimit-remaining: 5\nx-ratelimit-reset: 2000000060", kPage, "page of 1; quota 5 for 60 s"},
  {"a reset in milliseconds", page, 200, NOW "x-ratelimit-remaining: 5\nx-ratelimit-reset: 2000000060000", kPage, "page of 1"},
  {"a reset as a duration", page, 200, NOW "x-ratelimit-remaining: 5\nx-ratelimit-reset: 60", kPage, "page of 1"},
  {"a token's empty end", page, 200, NOW EXPIRES, kPage, "page of 1"},
};
// clang-format on

}  // namespace

std::span<const Card> answers() {
  return kCards;
}

}  // namespace repopipe::testing
