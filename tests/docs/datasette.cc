#include "tests/docs/datasette.h"

#include <fmt/format.h>

#include <cctype>
#include <vector>

#include "tests/docs/answers.h"
#include "tests/docs/described_schema.h"

namespace repopipe::docs {
namespace {

constexpr std::string_view kHead = R"(# Metadata for Datasette: datasette repos.db -m datasette.yaml
# Written by scripts/docs from docs/database.md, docs/queries.md and the schema.  Datasette takes the
# name of a database from its file: rename `repos` below if yours has another one.
title: repopipe
description: Repositories of GitHub users, their changes, and the runs that found them.
databases:
  repos:
    tables:
)";

// Without the marks of Markdown: "see [operating.md](operating.md)" becomes "see operating.md".
std::string plain(std::string_view markdown) {
  std::string text;
  for (std::size_t i = 0; i < markdown.size(); ++i) {
    const char c = markdown[i];
    const std::size_t closed = markdown.find(']', i);
    const bool is_link =
        c == '[' && closed != markdown.npos && markdown.substr(closed).starts_with("](");
    if (markdown.substr(i).starts_with("](")) {
      i = markdown.find(')', i);
    } else if (c == '\n') {
      text += ' ';
    } else if (c != '`' && !is_link) {
      text += c;
    }
  }
  return text;
}

// A scalar in single quotes (https://yaml.org/spec/1.2.2/#732-single-quoted-style).
std::string quoted_scalar(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

// Empty: there is none.
std::string description_of(std::string_view table, std::string_view database_md) {
  const std::string heading = fmt::format("\n### `{}`\n", table);
  const std::size_t begin = database_md.find(heading);
  if (begin == database_md.npos) return {};
  const std::string_view text = database_md.substr(begin + heading.size());
  return plain(text.substr(0, text.find("\n\n")));
}

// The column that stands for a row where another table refers to it.
std::string_view label_of(std::string_view table) {
  if (table == "repos") return "        label_column: full_name\n";
  return table == "users" ? "        label_column: login\n" : "";
}

Status add_table(const std::string& name, std::string_view database_md, DescribedSchema& schema,
                 std::string& yaml) {
  const std::string description = description_of(name, database_md);
  const auto columns = schema.columns(name);
  if (!columns) return fail(columns.error());
  if (description.empty()) {
    return fail(FailureKind::internal, fmt::format("{} has no description", name));
  }
  yaml += fmt::format("      {}:\n        description: {}\n", name, quoted_scalar(description));
  yaml += label_of(name);
  yaml += "        columns:\n";
  for (const auto& [column, meaning] : *columns) {
    yaml += fmt::format("          {}: {}\n", column, quoted_scalar(plain(meaning)));
  }
  return {};
}

// "Who was not listed, and why?" becomes "who_was_not_listed_and_why".
std::string name_of_query(std::string_view title) {
  std::string name;
  for (const char c : title) {
    const bool is_blank = c == ' ' || c == '-';
    if (is_blank && !name.ends_with('_')) name += '_';
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) name += static_cast<char>(std::tolower(byte));
  }
  return name;
}

void add_query(const Question& question, std::string& yaml) {
  yaml += fmt::format("      {}:\n        title: {}\n        sql: |-\n",
                      name_of_query(question.title), quoted_scalar(question.title));
  std::string_view sql = question.sql;
  while (!sql.empty()) {
    const std::size_t end = sql.find('\n');
    yaml += fmt::format("          {}\n", sql.substr(0, end));
    sql.remove_prefix(end + 1);
  }
}

}  // namespace

Result<std::string> datasette_metadata(std::string_view database_md, std::string_view queries_md) {
  DescribedSchema schema;
  const auto names = schema.names();
  if (!names) return fail(names.error());
  std::string yaml(kHead);
  for (const std::string& name : *names) {
    if (auto added = add_table(name, database_md, schema, yaml); !added) return fail(added.error());
  }
  yaml += "    queries:\n";
  for (const Question& question : questions_in(queries_md)) add_query(question, yaml);
  return yaml;
}

}  // namespace repopipe::docs
