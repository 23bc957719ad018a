#include "tests/bench/made_up_users.h"

#include <cassert>

#include "stages/parse/parse.h"
#include "stages/parse/rest.h"
#include "stages/providers/github/github.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/page.h"

namespace repopipe::bench {
namespace {

constexpr simulator::World kWorld{};

simulator::Account largest_account(const simulator::Source& source) {
  simulator::Account largest;
  std::uint64_t most = 0;
  std::string none;
  for (std::uint64_t ordinal = 0; ordinal < kWorld.accounts; ++ordinal) {
    const auto account = source.find(simulator::Ordinal{ordinal});
    const std::uint64_t total = source.append(*account, {0, 0}, none);
    if (total <= most) continue;
    largest = *account;
    most = total;
  }
  return largest;
}

std::string page_of(const simulator::Source& source, const simulator::Account& account,
                    std::uint64_t size, std::uint64_t& plain_size) {
  simulator::PageMaker maker(source, simulator::NullElements::none);
  const auto page = maker.make(account, {.account = account.ordinal, .number = 1, .size = size});
  plain_size = page->plain_size;
  return page->gzip;
}

}  // namespace

WirePage made_up_page(std::uint64_t repositories) {
  const simulator::MadeUpSource source(kWorld);
  WirePage page;
  page.gzip = page_of(source, largest_account(source), repositories, page.plain_size);
  return page;
}

std::vector<Listing> made_up_listings(std::uint64_t count) {
  const simulator::MadeUpSource source(kWorld);
  const RestProtocol provider(kGithub, {"https://api.github.com", 100});
  ParseScratch scratch;
  std::vector<Listing> listings;
  for (std::uint64_t ordinal = 0; ordinal < count; ++ordinal) {
    const auto account = source.find(simulator::Ordinal{ordinal});
    std::uint64_t plain_size = 0;
    const std::string gzip = page_of(source, *account, 100, plain_size);
    const auto body = scratch.inflater.inflate(gzip, "gzip", Bytes{64 << 20});
    assert(body);
    auto answer = provider.read(Task{}, Response{}, *body, *scratch.json);
    assert(answer);
    Listing& listing = listings.emplace_back();
    listing.login = account->login;
    listing.pages.push_back(std::move(std::get<PageRead>(*answer).page));
    listing.request_logs.push_back({.status = 200, .bytes = gzip.size(), .http_version = "1.1"});
  }
  return listings;
}

std::uint64_t repositories_of(const std::vector<Listing>& listings) {
  std::uint64_t total = 0;
  for (const Listing& listing : listings) {
    for (const Page& page : listing.pages) total += page.rows.rows();
  }
  return total;
}

}  // namespace repopipe::bench
