// The pages of a listing: which follow, by the Link header (RFC 8288) or by the number of records.
// Pure; safe from any thread.
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

// Where the lists of a route are.
struct ListAddress {
  std::string base_url;
  const Route& route;
  std::vector<std::string_view> accounts{};  // what stands in front of an account: "/users/"
};

// The number of records of the whole list, if the response tells it.
std::optional<std::uint64_t> total_of(const Route& route, const Response& response);

// What comes behind a page.
struct PagesBehind {
  std::vector<Request> follow_ups{};  // what is not asked for yet
  std::string next{};                 // the target of the page behind it; empty: there is none
};

// As the response's Link header tells.  A link to another scheme, host or port, such as a server
// behind a proxy sends, is reduced to its path and query below its base URL.  A failure of kind
// bad_record: the header cannot be right.
Result<PagesBehind> linked_pages(const ListAddress& address, const Request& request,
                                 const Response& response);

// Of a page that was read.  By links: `linked_pages`; and one more page behind a full one that no
// readable Link calls the last, or whose ETag would say nothing of a page that comes to stand
// behind it.  By numbers: up to the number of `last`, which a server counts with the page size that
// it grants; without a Link, up to the total by the size that was asked for, and on while pages
// bring records.
Result<PagesBehind> pages_behind(const ListAddress& address, const Request& request,
                                 const Response& response, std::size_t records, bool has_etag);

// Of a page that has not changed: by its Link header, else what was known of it.
Result<PagesBehind> pages_behind_known(const ListAddress& address, const Request& request,
                                       const Response& response);

// Where a Location leads, as a target below its base URL; nothing when it is no address of the API.
std::optional<std::string> redirect_target(const ListAddress& address, const Request& request,
                                           std::string_view location);

// One line when a link or a Location of the response names another scheme, host or port than
// its base URL; else empty.
std::string note_of_links(const ListAddress& address, const Request& request,
                          const Response& response);

}  // namespace repopipe
