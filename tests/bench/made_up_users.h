// GitHub-shaped input for the benchmarks, made by the simulator's library from a fixed seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/model/listing.h"

namespace repopipe::bench {

// A page as received.
struct WirePage {
  std::string gzip;
  std::uint64_t plain_size = 0;  // bytes
};

// Page 1 of the account that has the most repositories; `repositories` is at most 3,000.
WirePage made_up_page(std::uint64_t repositories);

// The first `count` accounts of the default world, each with its first page of at most 100
// repositories, as parsed.
std::vector<Listing> made_up_listings(std::uint64_t count);

// Of all pages.
std::uint64_t repositories_of(const std::vector<Listing>& listings);

}  // namespace repopipe::bench
