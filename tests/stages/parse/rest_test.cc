// The protocol follows the names of its provider: an API that has none of GitHub's.
#include "stages/parse/rest.h"

#include <gtest/gtest.h>

#include <array>

#include "stages/parse/json_value.h"
#include "stages/parse/refusals.h"

namespace repopipe {
namespace {

constexpr std::array kHubFields{
    Field{"key", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, "-"},
    Field{"holder.uid", "owner_id", FieldType::integer, Presence::required, Role::account_id,
          Identity::no, "-"},
    Field{"holder.handle", "owner_login", FieldType::text, Presence::required, Role::account_login,
          Identity::no, "-"}};

constexpr std::array kByNumber{Route{.name = "rest",
                                     .entry = "",
                                     .path = "/v2/{login}/projects?order=key",
                                     .path_by_id = "",
                                     .page_size = "size",
                                     .page_number = "p",
                                     .most = 2,
                                     .paging = Paging::numbers,
                                     .total = "x-count"}};
constexpr std::array kByLink{Route{.name = "rest",
                                   .entry = "starred",
                                   .path = "/v2/{login}/stars",
                                   .path_by_id = "/v2/ids/{id}/stars",
                                   .page_size = "size",
                                   .page_number = "p",
                                   .most = 2,
                                   .revalidation = Revalidation::etag}};

constexpr Resource resource_with(int id, std::span<const Route> routes) {
  return {.id = id,
          .name = "projects",
          .table = "repos",
          .item = "repo",
          .fields = kHubFields,
          .routes = routes,
          .parent = {"owner_id", Identity::no}};
}
constexpr Resource kProjects = resource_with(kRepositoriesId, kByNumber);
constexpr Resource kStarred = resource_with(2, kByLink);
constexpr std::array<const Resource*, 2> kHubResources{&kProjects, &kStarred};

Refusal hub_error(const Response& response, const ErrorBody& body) {
  return {{FailureKind::not_found, told(response, body, "not told")}};
}

constexpr Provider kHub{.kind = "hub",
                        .example_url = "https://hub.example",
                        .account_by_id = "/v2/ids/{id}",
                        .account = "/v2/accounts/{login}",
                        .probe = "/v2/ping",
                        .token_owner = "/v2/me",
                        .headers = {},
                        .json = {"uid", "handle", "fault"},
                        .username = {},
                        .limits = {},
                        .rate_limits = [](const Response&) { return RateLimitInfo{}; },
                        .error = hub_error,
                        .resources = kHubResources};

const RestProtocol& hub() {
  static const RestProtocol protocol(kHub, {"https://hub.example"});
  return protocol;
}

Result<Answer> read_of_hub(const Task& task, const Headers& headers, const std::string& json) {
  JsonScratch scratch;
  ScratchBuffer buffer;
  return hub().read(task, {.status = 200, .headers = headers}, buffer.copy(json), scratch);
}

std::string projects(int from, int to) {
  std::string json;
  for (int key = from; key <= to; ++key) {
    json += (json.empty() ? "[" : ",") + std::string("{\"key\":") + std::to_string(key) +
            R"(,"holder":{"uid":7,"handle":"ann"}})";
  }
  return json + "]";
}

Task list_of(int resource) {
  return {.login = "ann",
          .request = hub().ask(ListingOf{.login = "ann", .resource = resource}),
          .resource = resource};
}

// The targets of the pages that follow from the first one.
std::vector<std::string> targets_after(const Result<Answer>& answer) {
  std::vector<std::string> targets;
  if (!answer) return {answer.error().message};
  for (const Request& request : std::get<PageRead>(*answer).follow_ups) {
    targets.push_back(request.target);
  }
  return targets;
}

using Targets = std::vector<std::string>;

TEST(RestProtocol, NumbersPagesWithTheParameterOfTheRoute) {
  const Task first = list_of(kProjects.id);
  EXPECT_EQ(first.request.target, "/v2/ann/projects?order=key&size=2&p=1");
  const auto answer = read_of_hub(first, {{"X-Count", "5"}}, projects(1, 2));
  EXPECT_EQ(targets_after(answer), (Targets{"/v2/ann/projects?order=key&size=2&p=2",
                                            "/v2/ann/projects?order=key&size=2&p=3"}));
}

TEST(RestProtocol, FollowsLinksWithTheParameterOfTheRoute) {
  const auto answer = read_of_hub(list_of(kStarred.id),
                                  {{"Link",
                                    "<https://hub.example/v2/ids/7/stars?size=2&p=2>; rel=\"next\","
                                    "<https://hub.example/v2/ids/7/stars?size=2&p=3>; "
                                    "rel=\"last\""}},
                                  projects(1, 2));
  EXPECT_EQ(targets_after(answer),
            (Targets{"/v2/ids/7/stars?size=2&p=2", "/v2/ids/7/stars?size=2&p=3"}));
  const auto without_link = read_of_hub(list_of(kStarred.id), {}, projects(1, 2));
  EXPECT_EQ(targets_after(without_link), Targets{"/v2/ann/stars?size=2&p=2"});
}

TEST(RestProtocol, RequestsAStoredNextPageByTheParameterOfTheRoute) {
  Task known = list_of(kStarred.id);
  known.request.etag = "\"a\"";
  known.request.next = "/v2/ann/stars?size=2&p=2";
  known.request.last_known = 3;
  const Verdict verdict = hub().judge(known, {.status = 304}, "");
  const auto* unchanged = std::get_if<Unchanged>(&verdict.meaning);
  ASSERT_NE(unchanged, nullptr);
  ASSERT_EQ(unchanged->follow_ups.size(), 2U);
  EXPECT_EQ(unchanged->follow_ups.back().target, "/v2/ann/stars?size=2&p=3");
}

TEST(RestProtocol, ReadsAccountsByTheNamesOfTheProvider) {
  const Task who{.login = "ann", .request = hub().ask(WhoHas{"ann"})};
  const auto answer = read_of_hub(who, {}, R"({"id":1,"login":"x","handle":"ann","uid":7})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(std::get<Account>(*answer), (Account{7, "ann"}));
  const auto other = read_of_hub(who, {}, R"({"id":1,"login":"x"})");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message, "expected a JSON object with uid and handle");
}

TEST(RestProtocol, ReadsErrorMessagesByTheNameOfTheProvider) {
  const auto why = [](std::string_view body) {
    const Verdict verdict = hub().judge(list_of(kProjects.id), {.status = 404}, body);
    return std::get<Failure>(verdict.meaning).message;
  };
  EXPECT_EQ(why(R"({"message":"x","fault":"nobody of that name"})"),
            "HTTP 404: nobody of that name");
  EXPECT_EQ(why(R"({"message":"x"})"), "HTTP 404: not told");
}

TEST(RestProtocol, AddsTheMessageOfAnObjectInPlaceOfAPage) {
  const auto answer = read_of_hub(list_of(kProjects.id), {}, R"({"fault":"closed for today"})");
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().message.ends_with(": closed for today")) << answer.error().message;
}

}  // namespace
}  // namespace repopipe
