// A ready response: the compressed JSON of one page or account, with the values for its headers.
// Built once, stored in the PageCache, and sent without copying.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tests/simulator/gzip.h"
#include "tests/simulator/source.h"

namespace repopipe::simulator {

enum class PageKind : std::uint8_t { listing, account, members };

struct PageKey {
  std::uint64_t account = 0;  // ordinal
  PageKind kind = PageKind::listing;
  std::uint64_t number = 1;  // of the page, from 1; 0 for PageKind::account
  std::uint64_t size = 0;    // elements per page; 0 for PageKind::account
  bool operator==(const PageKey&) const = default;
};

struct Page {
  std::string gzip{};
  std::uint64_t plain_size = 0;  // bytes
  std::uint64_t hash = 0;        // of the plain text
  std::uint64_t last = 1;        // number of the last page; 1 for an empty listing
};

enum class NullElements { none, some };

// Builds pages from a source.  One per thread; keeps a reference to the source.
class PageMaker {
 public:
  PageMaker(const Source& source, NullElements nulls) : source_(source), nulls_(nulls) {}

  std::shared_ptr<const Page> make(const Account& account, const PageKey& key);
  std::string plain_text(const Page& page) { return gzip_.inflate(page.gzip, page.plain_size); }

 private:
  // Both write text_; write_listing returns the number of elements of the whole listing.
  std::uint64_t write_listing(const Account& account, const PageKey& key);
  void write_account(const Account& account);

  const Source& source_;
  NullElements nulls_;
  Gzip gzip_;
  std::string text_;  // reused, so that a million pages do not fragment the heap
};

}  // namespace repopipe::simulator
