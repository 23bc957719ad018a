// A deck of responses as GitHub, its proxies and its outages send them, each with the one right
// outcome.  The outcomes follow from GitHub's documentation, not from the code.
#pragma once

#include <span>
#include <string_view>

namespace repopipe::testing {

// What the request was that a card answers.
enum class Asked {
  page,         // page 1 of a listing, of which nothing is known
  middle_page,  // page 2 of 4, all of which are requested
  full_page,    // page 1 by a single repository a page
  known_page,   // page 1 with an ETag; the listing is known to have 3 pages
  fifth_hop,    // page 1 after four redirects
  sixth_hop,    // page 1 after five redirects
  enterprise,   // page 1, below https://ghe.example/api/v3
  account,      // /user/7
  owner,        // /user
};

enum class Wire { plain, gzip, cut_gzip };

struct Card {
  std::string_view name;
  Asked asked;
  int status;
  std::string_view headers;  // "Name: value", a line each
  std::string_view body;
  // "page of 2, then 2 3", "unchanged", "moved to /x", "account 7 octocat", or kind and scope of a
  // failure; the wait; quota and token; "noted": a message to print. "page of 2, not 9, 1 null, 1
  // unnamed, partial": what prevents marking records as gone: the id of a skipped record, nulls,
  // skipped records without id, a partial list.
  std::string_view outcome;
  Wire wire = Wire::plain;
};

// When every card is received, by this machine's clock: Wed, 18 May 2033 03:33:20 GMT.
constexpr long kDeckTime = 2'000'000'000;

std::span<const Card> answers();   // pages, links, redirects, and invalid ones
std::span<const Card> refusals();  // limits, tokens, accounts, outages

}  // namespace repopipe::testing
