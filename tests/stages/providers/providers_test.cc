// What every provider of the table must have.  A new provider is tested here without a line.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "pipeline/model/provider.h"

namespace repopipe {
namespace {

bool is_path(std::string_view path) {
  return path.starts_with('/');
}

bool is_path_of(std::string_view path, std::string_view account) {
  return is_path(path) && path.find(account) != path.npos;
}

template <class Value>
bool are_unique(std::initializer_list<Value> values) {
  return std::set<Value>(values).size() == values.size();
}

TEST(Providers, HaveAKindAnAddressAndPaths) {
  std::set<std::string_view> kinds;
  for (const Provider* provider : providers()) {
    const std::string_view kind = provider->kind;
    EXPECT_TRUE(kinds.insert(kind).second) << kind;
    EXPECT_EQ(find_provider(kind), provider);
    EXPECT_TRUE(provider->default_url.empty() != provider->example_url.empty()) << kind;
    EXPECT_FALSE(provider->default_url.ends_with('/')) << kind;
    EXPECT_TRUE(is_path(provider->probe) && is_path(provider->token_owner)) << kind;
    EXPECT_TRUE(provider->account.empty() || is_path_of(provider->account, "{login}")) << kind;
    EXPECT_TRUE(provider->account_by_id.empty() || is_path_of(provider->account_by_id, "{id}"));
    EXPECT_GT(provider->username.longest, 0U) << kind;
    for (const std::string_view header : provider->headers) {
      EXPECT_NE(header.find(": "), header.npos) << kind << ": " << header;
    }
  }
}

TEST(Providers, ListRepositoriesFirstAndEachResourceOnce) {
  for (const Provider* provider : providers()) {
    ASSERT_FALSE(provider->resources.empty()) << provider->kind;
    EXPECT_EQ(provider->resources.front()->id, kRepositoriesId) << provider->kind;
    EXPECT_EQ(provider->resources.front()->table, "repos") << provider->kind;
    std::set<int> ids;
    std::set<std::string_view> tables, items, entries;
    for (const Resource* resource : provider->resources) {
      EXPECT_TRUE(ids.insert(resource->id).second) << resource->name;
      EXPECT_TRUE(tables.insert(resource->table).second) << resource->name;
      EXPECT_TRUE(items.insert(resource->item).second) << resource->name;
      EXPECT_TRUE(entries.insert(resource->routes.front().entry).second) << resource->name;
    }
  }
}

void check_route(const Resource& resource) {
  ASSERT_FALSE(resource.routes.empty());
  const Route& route = resource.routes.front();
  EXPECT_EQ(route.entry.empty(), resource.id == kRepositoriesId);
  EXPECT_TRUE(is_path_of(route.path, "{login}"));
  EXPECT_TRUE(route.path_by_id.empty() || is_path_of(route.path_by_id, "{id}"));
  EXPECT_TRUE(are_unique({route.page_size, route.page_number, std::string_view()}));
  EXPECT_GT(route.most, 0);
}

// See Parent.
void check_parent(const Provider& provider, const Resource& resource) {
  const bool is_stay = resource.if_missing == IfMissing::stay_ends;
  EXPECT_EQ(is_stay, resource.parent.identity == Identity::yes);
  EXPECT_EQ(is_stay, lacks_parent(resource));
  EXPECT_TRUE(!is_stay || !provider.account.empty());
  for (const Field& field : resource.fields) {
    EXPECT_TRUE(field.column != resource.parent.column || field.role == Role::account_id);
  }
}

void check_accounts(const Resource& resource) {
  const auto has = [&](Role role) {
    return std::ranges::find(resource.fields, role, &Field::role) != resource.fields.end();
  };
  EXPECT_EQ(has(Role::account_id), has(Role::account_login));
  EXPECT_TRUE(!resource.expands || has(Role::account_id));
}

TEST(Providers, HaveResourcesThatCanBeRequestedAndStored) {
  for (const Provider* provider : providers()) {
    for (const Resource* resource : provider->resources) {
      SCOPED_TRACE(std::string(provider->kind) + " " + std::string(resource->name));
      check_route(*resource);
      check_parent(*provider, *resource);
      check_accounts(*resource);
    }
  }
}

TEST(Providers, HaveFieldsWithUniqueColumnsAMeaningAndOneIdentity) {
  for (const Provider* provider : providers()) {
    for (const Resource* resource : provider->resources) {
      std::set<std::string_view> columns;
      for (const Field& field : resource->fields) {
        EXPECT_TRUE(columns.insert(field.column).second) << provider->kind << " " << field.column;
        EXPECT_FALSE(field.meaning.empty()) << provider->kind << " " << field.column;
        EXPECT_TRUE(field.identity == Identity::no ||
                    (field.type == FieldType::integer && field.presence == Presence::required))
            << provider->kind << " " << field.column;
      }
      EXPECT_EQ(std::ranges::count(resource->fields, Identity::yes, &Field::identity), 1)
          << provider->kind << " " << resource->name;
    }
  }
}

// docs/database.md has the fields of the first provider.
bool is_of_first(const Resource& resource, const Field& field) {
  const Resource* first = find_resource(providers().front()->resources, resource.id);
  return first != nullptr && first->table == resource.table &&
         std::ranges::any_of(first->fields, [&](const Field& other) {
           return other.column == field.column && other.json == field.json &&
                  other.meaning == field.meaning && other.role == field.role;
         });
}

TEST(Providers, DocumentTheirOwnColumnsInTheirOwnPage) {
  for (const Provider* provider : providers().subspan(1)) {
    std::ifstream file(REPOPIPE_SOURCE_DIR "/docs/" + std::string(provider->kind) + ".md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    for (const Resource* resource : provider->resources) {
      for (const Field& field : resource->fields) {
        if (is_of_first(*resource, field)) continue;
        const std::string begin = "| `" + std::string(field.column) + "` | ";
        const std::string end = " | " + std::string(field.meaning) + " |\n";
        const std::string json = field.json.empty() ? "" : "`" + std::string(field.json) + "`";
        const auto at = document.find(begin + json);
        ASSERT_NE(at, document.npos) << provider->kind << " " << field.column;
        const std::string row = document.substr(at, document.find('\n', at) + 1 - at);
        EXPECT_TRUE(row.ends_with(end)) << row;
      }
    }
  }
}

}  // namespace
}  // namespace repopipe
