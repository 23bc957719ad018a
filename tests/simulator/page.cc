#include "tests/simulator/page.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "tests/simulator/object_text.h"

namespace repopipe::simulator {
namespace {

// If enabled, every tenth account has a null at the end of its first page.
constexpr std::uint64_t kNullEvery = 10;

// As Source::append.
std::uint64_t append_members(const std::vector<Account>& members, Range range, std::string& out) {
  for (std::uint64_t i = range.first; i < members.size() && i - range.first < range.count; ++i) {
    if (i != range.first) out += ',';
    append_member(out, members[i]);
  }
  return members.size();
}

}  // namespace

std::uint64_t PageMaker::write_listing(const Account& account, const PageKey& key) {
  const bool far_out = key.number - 1 > std::uint64_t{1} << 32;  // where the product would overflow
  const std::uint64_t first = far_out ? ~std::uint64_t{0} : (key.number - 1) * key.size;
  text_.assign(1, '[');
  const Range range{.first = first, .count = key.size};
  const std::uint64_t total = key.kind == PageKind::members
                                  ? append_members(source_.members(account), range, text_)
                                  : source_.append(account, range, text_);
  if (nulls_ == NullElements::some && key.number == 1 && account.ordinal % kNullEvery == 0) {
    text_ += text_ == "[" ? "null" : ",null";
  }
  text_ += ']';
  return total;
}

void PageMaker::write_account(const Account& account) {
  std::string none;
  const std::uint64_t total = source_.append(account, {.first = 0, .count = 0}, none);
  text_ = account_object(account, total);
}

std::shared_ptr<const Page> PageMaker::make(const Account& account, const PageKey& key) {
  Page page;
  if (key.kind != PageKind::account) {
    const std::uint64_t total = write_listing(account, key);
    page.last = std::max<std::uint64_t>(1, (total + key.size - 1) / key.size);
  } else {
    write_account(account);
  }
  page.gzip = gzip_.compress(text_);
  page.plain_size = text_.size();
  page.hash = std::hash<std::string_view>{}(text_);
  return std::make_shared<const Page>(std::move(page));
}

}  // namespace repopipe::simulator
