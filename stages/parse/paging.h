// The pages of a list: which ones follow, by the Link header (RFC 8288) or by the number of
// records. Threading: any thread; no state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/model/http.h"
#include "pipeline/model/resource.h"
#include "pipeline/model/task.h"

namespace repopipe {

// The Link header (RFC 8288).

// The target of the first link with that relation, as in the angle brackets.
std::optional<std::string_view> find_link(std::string_view header, std::string_view relation);

// The value of a query parameter; nothing: it is missing or not a number from 1.
std::optional<int> query_number(std::string_view target, std::string_view name);

// `target` with that query parameter set to `number`, or added.
std::string with_query_number(std::string_view target, std::string_view name, int number);

// The pages of a list.

// The addresses of the lists of a route.
struct ListAddress {
  std::string base_url;
  const Route& route;
  std::vector<std::string_view> accounts{};  // the part of a path before an account: "/users/"
};

// The number of records of the whole list, if the response has it.
std::optional<std::uint64_t> total_of(const Route& route, const Response& response);

// The pages after a page.
struct PagesBehind {
  std::vector<Request> follow_ups{};  // not requested yet
  std::string next{};                 // target of the next page; empty: none
};

// A link to another scheme, host or port, as from a server behind a proxy, becomes its path and
// query below the base URL.  A failure of kind bad_record: the Link header is invalid.

// For a page that was read.  With links: from the Link header, and one more page after a full page
// if no readable Link calls it the last, or because its ETag does not cover a page that is added
// later.  With numbers: up to `last`, which the server computes with the page size that it grants;
// without Link, up to the total by the requested size, and further while pages have records.
Result<PagesBehind> pages_behind(const ListAddress& address, const Request& request,
                                 const Response& response, std::size_t records, bool has_etag);

// For a page that has not changed: from its Link header, else as stored.
Result<PagesBehind> pages_behind_known(const ListAddress& address, const Request& request,
                                       const Response& response);

// The target of a Location below the base URL; nothing: it is not an address of the API.
std::optional<std::string> redirect_target(const ListAddress& address, const Request& request,
                                           std::string_view location);

// A line if a link or Location of the response names another scheme, host or port than the base
// URL; else empty.
std::string note_of_links(const ListAddress& address, const Request& request,
                          const Response& response);

}  // namespace repopipe
