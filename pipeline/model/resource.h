// What describes one kind of record: its fields, and the ways to ask an API for it.  A provider
// lists its resources; parse, the checks of the wire, the schema, merge and the documentation read
// these values, and hold nothing of their own about a resource.
#pragma once

#include <span>
#include <string_view>

namespace repopipe {

enum class FieldType {
  integer,
  boolean,
  text,
  text_list,  // an array of texts
  time,       // RFC 3339; kept as UTC, and as NULL if it was never set
};

enum class Presence { required, optional };

// What a field is for the store.
enum class Role {
  attribute,      // its past is kept as single changes in `ITEM_changes`
  statistic,      // its past is kept as intervals in `ITEM_stats`
  account_id,     // number of an account: a row of `users`
  account_login,  // login of that account: kept in `users`, not with the record
  account_kind,   // "User" or "Organization": likewise
};

// Whether a field names the record: alone, or together with its parent's number.
enum class Identity { no, yes };

struct Field {
  std::string_view json;    // dotted path inside one element, "license.spdx_id"
  std::string_view column;  // public column name
  FieldType type;
  Presence presence;
  Role role;
  Identity identity;         // yes: one whole number; one field of a resource has it
  std::string_view meaning;  // its line in docs/database.md
  std::string_view older{};  // its name in older versions of the API, on the top level
};

using Fields = std::span<const Field>;

class RecordBatch;

// How the pages of a list are found.
enum class Paging {
  links,    // by the relations `next` and `last` of the Link header (RFC 8288)
  numbers,  // by the number of `last` in the Link header, or by the total; the path is our own
};

// How the API is asked whether a page is still the same.
enum class Revalidation { none, etag };  // etag: If-None-Match (RFC 9110, section 13.1.2)

// One way to ask for a resource.  A path holds {login} or {id}.
struct Route {
  std::string_view name;        // "rest"
  std::string_view entry;       // word before the colon of an entry of the job; "": a username
  std::string_view path;        // "/users/{login}/repos?type=owner&sort=full_name"
  std::string_view path_by_id;  // "/user/{id}/repos?..."; "": not offered
  std::string_view page_size;   // query parameter
  int most = 100;               // its greatest value
  Paging paging = Paging::links;
  Revalidation revalidation = Revalidation::none;
  std::string_view total{};  // header with the number of records of the list, also of hidden ones
};

// The column that leads from a record to the account it was listed for.
struct Parent {
  std::string_view column;
  Identity identity = Identity::no;  // yes: part of the record's name; no: the record may move
};

// What becomes of a record that a complete list of its parent lacks.
enum class IfMissing {
  gone,       // `gone_since` is set
  stay_ends,  // its row is an interval, which ends
};

struct Resource {
  int id;                  // on the wire and in tables; never reused
  std::string_view name;   // "repositories"
  std::string_view table;  // "repos"
  std::string_view item;   // "repo": names its tables and columns, `repo_changes`, `repo_id`
  Fields fields;
  std::span<const Route> routes;
  Parent parent;
  IfMissing if_missing = IfMissing::gone;
  bool expands = false;  // its records are accounts, whose repositories are listed too
  void (*derive)(RecordBatch& rows) = nullptr;  // sets columns that follow from several values
};

using Resources = std::span<const Resource* const>;

}  // namespace repopipe
