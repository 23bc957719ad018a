#include "tests/simulator/page.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "tests/simulator/object_text.h"

namespace repopipe::simulator {
namespace {

// Every tenth account has one null at the end of its first page, when there are to be any.
constexpr std::uint64_t kNullEvery = 10;

}  // namespace

std::string PageMaker::text(const Account& account, const PageKey& key,
                            std::uint64_t& total) const {
  if (key.kind == PageKind::account) {
    return account_object(account, source_.slice(account, {.first = 0, .count = 0}).total);
  }
  const bool far_out = key.number - 1 > std::uint64_t{1} << 32;  // where the product would overflow
  const std::uint64_t first = far_out ? ~std::uint64_t{0} : (key.number - 1) * key.size;
  Slice slice = source_.slice(account, {.first = first, .count = key.size});
  total = slice.total;
  if (nulls_ == NullElements::some && key.number == 1 && account.ordinal % kNullEvery == 0) {
    slice.elements += slice.elements.empty() ? "null" : ",null";
  }
  return "[" + slice.elements + "]";
}

std::shared_ptr<const Page> PageMaker::make(const Account& account, const PageKey& key) {
  std::uint64_t total = 0;
  const std::string plain = text(account, key, total);
  Page page;
  page.gzip = gzip_.compress(plain);
  page.plain_size = plain.size();
  page.hash = std::hash<std::string_view>{}(plain);
  if (key.size > 0) page.last = std::max<std::uint64_t>(1, (total + key.size - 1) / key.size);
  return std::make_shared<const Page>(std::move(page));
}

}  // namespace repopipe::simulator
