#include "tests/storage/test_fields.h"

#include "stages/providers/github/github.h"

namespace repopipe {
namespace {

using enum FieldType;
using enum Presence;

constexpr std::array kFields{
    Field{"id", "user_id", integer, required, Role::account_id, Identity::yes, "member"},
    Field{"login", "login", text, required, Role::account_login, Identity::no, "its login"},
    Field{"site_admin", "site_admin", boolean, optional, Role::attribute, Identity::no, "staff"},
    Field{"role", "role", text, optional, Role::attribute, Identity::no, "what it may do"}};
constexpr Resource kMembersOfTests{.id = kMembers,
                                   .name = "members",
                                   .table = "members",
                                   .item = "member",
                                   .fields = kFields,
                                   .routes = {},
                                   .parent = {"org_id", Identity::yes},
                                   .if_missing = IfMissing::stay_ends};

}  // namespace

Fields test_fields() {
  return kGithubRepositories.fields;
}

Resources test_resources() {
  static const std::array<const Resource*, 1> all{&kGithubRepositories};
  return all;
}

Fields member_fields() {
  return kFields;
}

Resources resources_with_members() {
  static const std::array<const Resource*, 2> all{test_resources().front(), &kMembersOfTests};
  return all;
}

}  // namespace repopipe
