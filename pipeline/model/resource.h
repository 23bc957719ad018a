// A resource describes one kind of record: its fields, and how to request it.  A provider lists its
// resources.  Parse, the checks of wire messages, schema, merge and documentation follow from these
// values.
#pragma once

#include <span>
#include <string_view>

namespace repopipe {

enum class FieldType {
  integer,
  boolean,
  text,
  text_list,  // an array of strings
  time,       // RFC 3339; stored as UTC, or NULL if it was never set
};

enum class Presence { required, optional };

// The meaning of a field for the store.
enum class Role {
  attribute,      // its history is stored as changes in `ITEM_changes`
  statistic,      // likewise as intervals in `ITEM_stats`; with `stay_ends` as an attribute
  account_id,     // id of an account: a row of `users`
  account_login,  // login of that account, stored in `users` only
  account_kind,   // "User" or "Organization", stored in `users` only
};

// Whether the field is the id of the record, alone or together with the id of its parent.
enum class Identity { no, yes };

struct Field {
  std::string_view json;    // dotted path within an element: "license.spdx_id"
  std::string_view column;  // public column name
  FieldType type;
  Presence presence;
  Role role;
  Identity identity;         // yes: an integer; exactly one field of a resource
  std::string_view meaning;  // its line in docs/database.md
  std::string_view older{};  // top-level name in older versions of the API
};

using Fields = std::span<const Field>;

class RecordBatch;

// How the pages of a list are numbered and found.
enum class Paging {
  links,    // the relations `next` and `last` of the Link header (RFC 8288)
  numbers,  // the number of `last` in the Link header, or the total; the program builds the path
};

// How a page is requested conditionally.
enum class Revalidation { none, etag };  // etag: If-None-Match (RFC 9110, section 13.1.2)

// One way to request a resource.  Paths contain {login} or {id}.
struct Route {
  std::string_view name;        // "rest"
  std::string_view entry;       // prefix of an entry in the job, before ":"; "": a username
  std::string_view path;        // "/users/{login}/repos?type=owner&sort=full_name"
  std::string_view path_by_id;  // "/user/{id}/repos?..."; "": not supported
  std::string_view page_size;   // query parameter of the page size
  std::string_view page_number = "page";  // and of the number, which counts from 1
  int most = 100;                         // maximum of the page size
  Paging paging = Paging::links;
  Revalidation revalidation = Revalidation::none;
  std::string_view total{};  // header with the number of records of the list, including hidden ones
};

// The column with the account that the record was listed for.  Either it is a field with the role
// account_id, and the record may move to another account: `no`, IfMissing::gone.  Or the records
// lack it, and it is part of their id: `yes`, IfMissing::stay_ends, Provider::account.
struct Parent {
  std::string_view column;
  Identity identity = Identity::no;
};

// Resource::id of the repositories, which every provider has, in the table `repos`.
constexpr int kRepositoriesId = 1;

// What happens to a record that a complete list lacks.
enum class IfMissing {
  gone,       // `gone_since` is set
  stay_ends,  // its row is an interval, which is closed
};

struct Resource {
  int id;                  // in messages and tables; unique within the provider, never reused
  std::string_view name;   // "repositories"
  std::string_view table;  // "repos"
  std::string_view item;   // "repo": names its tables and columns, `repo_changes`, `repo_id`
  Fields fields;
  std::span<const Route> routes;
  Parent parent;
  IfMissing if_missing = IfMissing::gone;
  bool expands = false;  // its records are accounts whose repositories are listed too
  void (*derive)(RecordBatch& rows) = nullptr;  // sets columns that depend on several values
};

using Resources = std::span<const Resource* const>;

// The resource of that id; null: there is none.
const Resource* find_resource(Resources resources, int id);

// The column of the parent is not among the fields: whose list it is has to be asked for.
bool lacks_parent(const Resource& resource);

}  // namespace repopipe
