#include "stages/parse/paging.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "pipeline/base/text.h"
#include "pipeline/base/url.h"

namespace repopipe {
namespace {

// Above the largest known account; a longer listing is an error.
constexpr int kMostRepositories = 200'000;
constexpr int kMostPages = 20'000;  // for any page size

tl::unexpected<Failure> bad_link(std::string_view why) {
  return fail(FailureKind::bad_record, fmt::format("Link header: {}", why));
}

// 30: the default of GitHub and Gitea.
int page_size_of(const ListAddress& address, const Request& request) {
  return query_number(request.target, address.route.page_size).value_or(30);
}

int most_pages(const ListAddress& address, const Request& request) {
  return std::min(kMostRepositories / page_size_of(address, request) + 1, kMostPages);
}

std::string numbered(const Route& route, const Request& request, int page) {
  return with_query_number(request.target, route.page_number, page);
}

// All pages after the last announced one, up to `last`, with the address of `next`.  If `next` has
// no page number, only `next`.
std::vector<Request> pages_after(const Route& route, const Request& request, std::string_view next,
                                 int last) {
  if (!query_number(next, route.page_number)) {
    const int page = request.page + 1;
    return {{.target = std::string(next), .page = page, .last_announced = page}};
  }
  std::vector<Request> pages;
  for (int page = request.last_announced + 1; page <= last; ++page) {
    pages.push_back({.target = with_query_number(next, route.page_number, page),
                     .page = page,
                     .last_announced = last});
  }
  return pages;
}

// The part of `path` from the account on.
std::optional<std::string> account_path(const ListAddress& address, std::string_view path) {
  std::size_t at = std::string_view::npos;
  for (const std::string_view prefix : address.accounts) at = std::min(at, path.find(prefix));
  if (at >= path.find('?') || at == std::string_view::npos) return std::nullopt;
  return std::string(path.substr(at));
}

std::optional<std::string> linked_target(const ListAddress& address, const Request& request,
                                         std::string_view url) {
  if (auto below = target_below(address.base_url, request.target, url)) return below;
  const auto path = path_of(address.base_url, request.target, url);
  return path ? account_path(address, *path) : std::nullopt;
}

bool is_readable(std::string_view link) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"next", "prev", "first", "last"},
      [&](auto relation) { return find_link(link, relation).has_value(); });
}

// The number of the last page; nothing: it is invalid.
std::optional<int> last_of(const Route& route, std::string_view link, int next) {
  const auto url = find_link(link, "last");
  return url ? query_number(*url, route.page_number) : next;
}

// The pages after `request` up to `last`, with the same path.
PagesBehind numbered_up_to(const Route& route, const Request& request, int last) {
  if (request.page >= last) return {};
  PagesBehind behind{.next = numbered(route, request, request.page + 1)};
  if (request.page < request.last_announced) return behind;
  behind.follow_ups = pages_after(route, request, behind.next, last);
  return behind;
}

PagesBehind one_more(const Route& route, const Request& request) {
  PagesBehind behind = numbered_up_to(route, request, request.page + 1);
  for (Request& page : behind.follow_ups) page.is_extra = true;
  return behind;
}

// Servers name the last page unless there is only one.  Without Link, the granted page size is
// unknown.
Result<PagesBehind> numbered_without_link(const ListAddress& address, const Request& request,
                                          std::optional<std::uint64_t> total, std::size_t records) {
  const auto page = static_cast<std::uint64_t>(request.page);
  const auto size = static_cast<std::uint64_t>(page_size_of(address, request));
  if (total && *total <= size && page == 1) return PagesBehind{};
  const std::uint64_t most = static_cast<std::uint64_t>(most_pages(address, request));
  if (total && *total > most * size) {
    return fail(FailureKind::bad_record, fmt::format("a total of {} records", *total));
  }
  const std::uint64_t last = total ? (*total + size - 1) / size : page;
  if (page < last) return numbered_up_to(address.route, request, static_cast<int>(last));
  const bool may_go_on = records > 0 && (!total || page * records < *total);
  return may_go_on && page < most ? one_more(address.route, request) : PagesBehind{};
}

Result<PagesBehind> numbered_pages(const ListAddress& address, const Request& request,
                                   const Response& response, std::size_t records) {
  const auto link = response.headers.combined("link");
  if (!link || !is_readable(*link)) {
    return numbered_without_link(address, request, total_of(address.route, response), records);
  }
  const auto url = find_link(*link, "last");
  if (!url) return PagesBehind{};
  const auto last = query_number(*url, address.route.page_number);
  const int most = most_pages(address, request);
  if (!last || *last > most) {
    return bad_link(fmt::format("the last page must lie between 1 and {}", most));
  }
  return numbered_up_to(address.route, request, *last);
}

// Only the last known page may announce more pages.  The first page names the last one, so all
// pages are requested at once.
Result<PagesBehind> linked_pages(const ListAddress& address, const Request& request,
                                 const Response& response) {
  const auto link = response.headers.combined("link");
  const auto url = link ? find_link(*link, "next") : std::nullopt;
  if (!url) return PagesBehind{};
  auto next = linked_target(address, request, *url);
  if (!next) return bad_link(fmt::format("{} is not below {}", printable(*url), address.base_url));
  if (*next == request.target) return bad_link("the next page is the page itself");
  if (request.page < request.last_announced) return PagesBehind{{}, std::move(*next)};
  const int most = most_pages(address, request);
  const auto number = query_number(*next, address.route.page_number);
  if (!number && request.page < most) {
    auto pages = pages_after(address.route, request, *next, request.page + 1);
    return PagesBehind{std::move(pages), std::move(*next)};
  }
  if (number != request.page + 1) {
    return bad_link(fmt::format("page {} is not followed by the next page", request.page));
  }
  const auto last = last_of(address.route, *link, *number);
  if (!last || *last < *number || *last > most) {
    return bad_link(fmt::format("the last page must lie between {} and {}", *number, most));
  }
  auto pages = pages_after(address.route, request, *next, *last);
  return PagesBehind{std::move(pages), std::move(*next)};
}

}  // namespace

std::optional<std::uint64_t> total_of(const Route& route, const Response& response) {
  const auto header = route.total.empty() ? std::nullopt : response.headers.find(route.total);
  if (!header) return std::nullopt;
  std::uint64_t total = 0;
  const auto [end, error] = std::from_chars(header->data(), header->data() + header->size(), total);
  const bool is_whole = error == std::errc{} && end == header->data() + header->size();
  return is_whole ? std::optional(total) : std::nullopt;
}

Result<PagesBehind> pages_behind(const ListAddress& address, const Request& request,
                                 const Response& response, std::size_t records, bool has_etag) {
  if (address.route.paging == Paging::numbers) {
    return numbered_pages(address, request, response, records);
  }
  auto behind = linked_pages(address, request, response);
  const bool is_last = behind && behind->next.empty() && request.page >= request.last_announced &&
                       request.page < most_pages(address, request);
  if (!is_last || records < static_cast<std::size_t>(page_size_of(address, request))) return behind;
  const auto link = response.headers.combined("link");
  if (!has_etag && link && is_readable(*link)) return behind;
  const bool has_number = query_number(request.target, address.route.page_number).has_value();
  if (!has_number && request.page > 1) return behind;
  behind->next = numbered(address.route, request, request.page + 1);
  behind->follow_ups = pages_after(address.route, request, behind->next, request.page + 1);
  for (Request& page : behind->follow_ups) page.is_extra = true;
  return behind;
}

// If the response has no Link header, the stored next page is used.
Result<PagesBehind> pages_behind_known(const ListAddress& address, const Request& request,
                                       const Response& response) {
  auto behind = linked_pages(address, request, response);
  if (!behind || !behind->next.empty()) return behind;
  if (request.next.empty() || request.page < request.last_announced) return PagesBehind{};
  behind->follow_ups = pages_after(address.route, request, request.next,
                                   std::max(request.last_known, request.page + 1));
  for (Request& page : behind->follow_ups) page.is_extra = page.page > request.last_known;
  return behind;
}

std::optional<std::string> redirect_target(const ListAddress& address, const Request& request,
                                           std::string_view location) {
  if (!is_elsewhere(address.base_url, request.target, location)) {
    return target_below(address.base_url, request.target, location);
  }
  auto target = linked_target(address, request, location);
  if (target == request.target) return std::nullopt;  // the target is this page
  return target;
}

std::string note_of_links(const ListAddress& address, const Request& request,
                          const Response& response) {
  const auto link = response.headers.combined("link");
  const bool follows_links = address.route.paging == Paging::links;
  auto url = link && follows_links ? find_link(*link, "next") : std::nullopt;
  if (!url) url = response.headers.find("location");
  if (!url || !is_elsewhere(address.base_url, request.target, *url)) return {};
  if (!redirect_target(address, request, *url)) return {};  // it is not followed
  return fmt::format("the API links to {}; its pages are requested below provider.base_url, {}",
                     printable(origin_of(address.base_url, request.target, *url)),
                     address.base_url);
}

}  // namespace repopipe
