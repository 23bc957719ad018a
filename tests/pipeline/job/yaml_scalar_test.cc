#include <gtest/gtest.h>

#include "pipeline/job/document/document.h"

namespace repopipe {
namespace {

void expect_kind(NodeKind kind, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) EXPECT_EQ(kind_of_plain(text), kind) << text;
}

TEST(YamlScalar, FollowsTheCoreSchema) {
  expect_kind(NodeKind::null, {"", "~", "null", "Null", "NULL"});
  expect_kind(NodeKind::boolean, {"true", "True", "TRUE", "false", "False", "FALSE"});
  expect_kind(NodeKind::integer, {"0", "12", "-12", "+12", "0x1F", "0o17", "007"});
  expect_kind(NodeKind::number,
              {"1.5", "-.5", "1.", "1e3", "+1.5E-3", ".inf", "-.Inf", "+.INF", ".nan", ".NaN"});
  expect_kind(NodeKind::text,
              {"yes",   "no",   "on",  "off",   "y",   "nULL",  "tRUE",       "-",      "+",
               ".",     "e3",   "1e",  "1e+",   "0x",  "0xg",   "0o8",        "0b1",    "-0x1",
               "1_000", "1:30", "30s", "-.nan", "inf", "1.2.3", "2026-01-01", "octocat"});
}

}  // namespace
}  // namespace repopipe
