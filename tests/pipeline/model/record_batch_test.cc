#include <gtest/gtest.h>

#include <array>

#include "pipeline/model/records.h"

namespace repopipe {
namespace {

constexpr std::array kTwo{
    Field{"id", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, ""},
    Field{"name", "name", FieldType::text, Presence::optional, Role::attribute, Identity::no, ""}};

TEST(RecordBatch, GivesBackWhatWasAdded) {
  RecordBatch batch(kTwo);
  batch.add_integer(1);
  batch.add_text("one");
  batch.add_integer(2);
  batch.add_null();
  ASSERT_EQ(batch.rows(), 2U);
  EXPECT_EQ(std::get<std::int64_t>(batch.at(0, 0)), 1);
  EXPECT_EQ(std::get<std::string_view>(batch.at(0, 1)), "one");
  EXPECT_EQ(std::get<std::int64_t>(batch.at(1, 0)), 2);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(batch.at(1, 1)));
}

TEST(RecordBatch, KeepsTextsWholeWhileItGrows) {
  RecordBatch batch(kTwo);
  for (int i = 0; i < 1000; ++i) {
    batch.add_integer(i);
    batch.add_text(std::string(static_cast<std::size_t>(i), 'x') + std::string("\0y", 2));
  }
  const auto text = std::get<std::string_view>(batch.at(999, 1));
  EXPECT_EQ(text.size(), 1001U);
  EXPECT_EQ(text.substr(998), std::string_view("x\0y", 3));
}

RecordBatch numbered(std::int64_t rows) {
  RecordBatch batch(kTwo);
  for (std::int64_t id = 0; id < rows; ++id) {
    batch.add_integer(id);
    batch.add_text(std::to_string(id));
  }
  return batch;
}

TEST(RecordBatch, RemovesRowsAndKeepsTheOrderOfTheOthers) {
  for (const std::int64_t rows : {0, 1, 2, 7}) {
    RecordBatch batch = numbered(rows);
    batch.remove_if([](std::size_t row) { return row % 2 == 0; });
    ASSERT_EQ(batch.rows(), static_cast<std::size_t>(rows / 2));
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      const auto id = static_cast<std::int64_t>(2 * row + 1);
      EXPECT_EQ(batch.at(row, 0), CellView(id));
      EXPECT_EQ(batch.at(row, 1), CellView(std::string_view(std::to_string(id))));
    }
  }
}

TEST(RecordBatch, KnowsWhichColumnsWereNotSent) {
  RecordBatch batch = numbered(3);
  EXPECT_EQ(batch.find("name"), 1U);
  EXPECT_EQ(batch.find("nome"), std::nullopt);
  EXPECT_TRUE(batch.is_told(1));
  batch.clear_column(1);
  EXPECT_TRUE(batch.is_told(0));
  EXPECT_FALSE(batch.is_told(1));
  EXPECT_EQ(batch.at(2, 1), CellView(std::monostate{}));
  EXPECT_NE(batch, numbered(3));
}

TEST(RecordBatch, EqualsOneOfTheSameCells) {
  const auto batch_of = [](std::int64_t id, std::string_view name, int rows) {
    RecordBatch batch(kTwo);
    for (int i = 0; i < rows; ++i) {
      batch.add_integer(id);
      name.empty() ? batch.add_null() : batch.add_text(name);
    }
    return batch;
  };
  EXPECT_EQ(batch_of(1, "one", 2), batch_of(1, "one", 2));
  EXPECT_NE(batch_of(1, "one", 2), batch_of(1, "one", 1));
  EXPECT_NE(batch_of(1, "one", 2), batch_of(1, "two", 2));
  EXPECT_NE(batch_of(1, "one", 2), batch_of(1, "", 2));
  EXPECT_NE(batch_of(1, "one", 2), batch_of(2, "one", 2));
  EXPECT_EQ(RecordBatch(kTwo), RecordBatch(Fields{}));  // nothing is nothing
}

TEST(RecordBatch, IsEmptyAtFirst) {
  EXPECT_EQ(RecordBatch(kTwo).rows(), 0U);
}

}  // namespace
}  // namespace repopipe
