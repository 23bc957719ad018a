#include "stages/parse/rest.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "pipeline/base/secrets.h"
#include "pipeline/base/text.h"
#include "pipeline/base/url.h"
#include "stages/parse/json_account.h"

namespace repopipe {
namespace {

constexpr int kMostRedirects = 5;

// Empty if the ETag cannot be sent as received, or must not be stored.
std::string etag_of(const Response& response) {
  const std::string_view etag = response.headers.find("etag").value_or("");
  const bool is_plain = std::ranges::all_of(etag, [](char c) { return c > ' ' && c <= '~'; });
  return is_plain && !may_hold_secret(etag) ? std::string(etag) : std::string();
}

// During an outage the API may return 200 with an object that has the reason.
Failure with_message(Failure failure, std::string_view body, const JsonNames& names) {
  const auto message = text_member(body, names.message);
  if (policy_of(failure.kind).not_of_api && message) failure.message += ": " + *message;
  return failure;
}

// `path` with the account in place of {login} or {id}.
std::string path_for(std::string_view path, std::string_view account) {
  const std::size_t open = path.find('{');
  const std::size_t close = path.find('}', open);
  return fmt::format("{}{}{}", path.substr(0, open), account, path.substr(close + 1));
}

std::string_view before_account(std::string_view path) {
  return path.substr(0, path.find('{'));
}

ListAddress addressof(const Provider& provider, const Route& route, std::string base_url) {
  ListAddress address{.base_url = std::move(base_url), .route = route};
  for (const std::string_view path :
       {route.path, route.path_by_id, provider.account, provider.account_by_id}) {
    if (!path.empty()) address.accounts.push_back(before_account(path));
  }
  return address;
}

}  // namespace

RestProtocol::List::List(const Provider& provider, const Resource& of,
                         const ProtocolSettings& settings)
    : resource(of),
      route(of.routes.front()),
      address(addressof(provider, route, settings.base_url)),
      per_page(std::min(settings.per_page, route.most)),
      reader(of.fields) {}

Request RestProtocol::List::first_page(std::string_view path, std::string_view account,
                                       int size) const {
  const char separator = path.find('?') == std::string_view::npos ? '?' : '&';
  return {.target = fmt::format("{}{}{}={}&{}=1", path_for(path, account), separator,
                                route.page_size, size > 0 ? size : per_page, route.page_number)};
}

RestProtocol::RestProtocol(const Provider& provider, const ProtocolSettings& settings)
    : provider_(provider) {
  for (const Resource* resource : provider.resources) {
    lists_.emplace_back(provider, *resource, settings);
  }
}

const RestProtocol::List& RestProtocol::list(int resource) const {
  const auto has_id = [resource](const List& list) { return list.resource.id == resource; };
  const auto found = std::ranges::find_if(lists_, has_id);
  if (found == lists_.end()) throw std::out_of_range("a task of an unknown resource");
  return *found;
}

const Resource& RestProtocol::resource(int id) const {
  return list(id).resource;
}

Request RestProtocol::ask(const Question& question) const {
  const auto account = [](std::string_view path, std::string_view name) {
    return Request{.kind = RequestKind::account, .target = path_for(path, name), .page = 0};
  };
  return std::visit(
      Match{
          [&](const ListingOf& of) {
            const List& of_login = list(of.resource);
            return of_login.first_page(of_login.route.path, percent_encode(of.login), of.per_page);
          },
          [&](const ListingOfAccount& of) {
            const List& of_account = list(of.resource);
            return of_account.first_page(of_account.route.path_by_id, std::to_string(of.account),
                                         of.per_page);
          },
          [&](const WhoHas& who) { return account(provider_.account, percent_encode(who.login)); },
          [&](const WhoIs& who) {
            return account(provider_.account_by_id, std::to_string(who.account));
          },
          [&](const WhoseToken&) {
            return Request{.kind = RequestKind::owner,
                           .target = std::string(provider_.token_owner),
                           .page = 0};
          }},
      question);
}

bool RestProtocol::knows_numbers(int resource) const {
  return !list(resource).route.path_by_id.empty() && !provider_.account_by_id.empty();
}

Verdict RestProtocol::judge(const Task& task, const Response& response,
                            std::string_view body) const {
  Verdict verdict{.meaning = Failure{}, .rate_limits = provider_.rate_limits(response)};
  const bool is_html = trim(body).starts_with('<');
  const bool is_good = response.status == 200 || response.status == 203;
  const ListAddress& address = list(task.resource).address;
  auto meaning = is_good && is_html ? std::nullopt : meaning_of(address, task, response);
  if (meaning) {
    verdict.rate_limits.note = note_of_links(address, task.request, response);
    verdict.meaning = std::move(*meaning);
    return verdict;
  }
  Refusal refusal = provider_.error(response, error_body(body, provider_.json));
  const bool is_page = task.request.kind == RequestKind::page;
  if (is_page && (response.status == 204 || response.status == 409)) {
    refusal.failure.kind = FailureKind::incomplete_list;  // documented for no list
  }
  verdict.meaning = std::move(refusal.failure);
  verdict.rate_limits.wait = refusal.wait;
  return verdict;
}

// From status and headers; nothing: an error response, which the body explains.
std::optional<RestProtocol::Meaning> RestProtocol::meaning_of(const ListAddress& address,
                                                              const Task& task,
                                                              const Response& response) {
  const bool is_page = task.request.kind == RequestKind::page;
  switch (response.status) {
    case 200:
    case 203:  // changed by a proxy (RFC 9110, section 15.3.4)
      return InBody{};
    case 301:
    case 302:
    case 307:
    case 308:
      return moved(address, task.request, response);
    case 304:
      if (is_page && !task.request.etag.empty()) return unchanged(address, task.request, response);
      return Failure{FailureKind::malformed, "HTTP 304 to a request without an ETag"};
    default:
      break;
  }
  return std::nullopt;
}

RestProtocol::Meaning RestProtocol::unchanged(const ListAddress& address, const Request& request,
                                              const Response& response) {
  auto behind = pages_behind_known(address, request, response);
  if (!behind) return std::move(behind.error());
  return Unchanged{std::move(behind->follow_ups), std::move(behind->next)};
}

// Never to another host, because every request carries the token.
RestProtocol::Meaning RestProtocol::moved(const ListAddress& address, const Request& request,
                                          const Response& response) {
  const auto location = response.headers.find("location");
  if (!location || location->empty()) {
    return Failure{FailureKind::malformed,
                   fmt::format("HTTP {} without a Location", response.status)};
  }
  if (request.redirects >= kMostRedirects) {
    return Failure{FailureKind::unexpected_status,
                   fmt::format("redirected more than {} times", kMostRedirects)};
  }
  auto target = redirect_target(address, request, *location);
  if (target) return Redirect{std::move(*target)};
  // A proxy that requires a login redirects all requests.
  const bool is_foreign = is_elsewhere(address.base_url, request.target, *location);
  return Failure{is_foreign ? FailureKind::malformed : FailureKind::unexpected_status,
                 fmt::format("redirected to {}, which is not below {}; not followed",
                             printable(*location), address.base_url)};
}

Result<Answer> RestProtocol::read(const Task& task, const Response& response, PaddedText body,
                                  JsonScratch& scratch) const {
  if (task.request.kind == RequestKind::page) {
    return read_page(list(task.resource), task.request, response, body, scratch);
  }
  auto account = read_account(body, provider_.json, scratch);
  if (!account) return fail(account.error());
  return std::move(*account);
}

Result<Answer> RestProtocol::read_page(const List& list, const Request& request,
                                       const Response& response, PaddedText body,
                                       JsonScratch& scratch) const {
  auto page = list.reader.read(body, request.page, scratch);
  if (!page) return fail(with_message(std::move(page.error()), body.text, provider_.json));
  PageRead listed{std::move(*page)};
  if (list.resource.derive != nullptr) list.resource.derive(listed.page.rows);
  listed.total = total_of(list.route, response);
  Validator& validator = listed.page.validator;
  validator.target = request.target;
  if (list.route.revalidation == Revalidation::etag) validator.etag = etag_of(response);
  const std::size_t records =
      listed.page.rows.rows() + static_cast<std::size_t>(listed.page.skipped);
  auto behind = pages_behind(list.address, request, response, records, !validator.etag.empty());
  if (!behind) return fail(behind.error());
  listed.follow_ups = std::move(behind->follow_ups);
  validator.next = std::move(behind->next);
  if (provider_.partial != nullptr) listed.page.partial = provider_.partial(response);
  return listed;
}

}  // namespace repopipe
