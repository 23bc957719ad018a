// What a job does to the records of a page between parse and store.
#include <gmock/gmock.h>

#include <array>

#include "pipeline/model/transform.h"

namespace repopipe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array kFields{
    Field{"id", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, ""},
    Field{"name", "name", FieldType::text, Presence::required, Role::attribute, Identity::no, ""},
    Field{"fork", "fork", FieldType::boolean, Presence::optional, Role::attribute, Identity::no,
          ""},
    Field{"archived", "archived", FieldType::boolean, Presence::optional, Role::attribute,
          Identity::no, ""}};
constexpr std::size_t kFork = 2, kArchived = 3;

struct Repo {
  std::int64_t id;
  CellView fork;
  CellView archived = std::int64_t{0};
};

void add(RecordBatch& rows, const CellView& cell) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  number == nullptr ? rows.add_null() : rows.add_integer(*number);
}

const CellView kNo = std::int64_t{0}, kYes = std::int64_t{1}, kNull = std::monostate{};

Page page_of(const std::vector<Repo>& repos) {
  Page page{.rows = RecordBatch(kFields)};
  for (const Repo& repo : repos) {
    page.rows.add_integer(repo.id);
    page.rows.add_text("repo-" + std::to_string(repo.id));
    add(page.rows, repo.fork);
    add(page.rows, repo.archived);
  }
  return page;
}

std::vector<std::int64_t> ids_of(const Page& page) {
  std::vector<std::int64_t> ids;
  for (std::size_t row = 0; row < page.rows.rows(); ++row) {
    ids.push_back(std::get<std::int64_t>(page.rows.at(row, 0)));
  }
  return ids;
}

Page transformed(Page page, const std::vector<TransformStep>& steps) {
  transform(page, steps);
  return page;
}

TEST(Transforms, DropForksAndNameThem) {
  const Page page =
      transformed(page_of({{1, kYes, kNo}, {2, kNo}, {3, kNull}, {4, kYes}}), {{"drop_forks", {}}});
  EXPECT_THAT(ids_of(page), ElementsAre(2, 3));
  EXPECT_THAT(page.dropped_ids, ElementsAre(1, 4));
  EXPECT_EQ(std::get<std::string_view>(page.rows.at(1, 1)), "repo-3");
}

TEST(Transforms, RunOneAfterAnother) {
  const Page page = transformed(page_of({{1, kYes, kNo}, {2, kNo, kYes}, {3, kNo, kNo}}),
                                {{"drop_archived", {}}, {"drop_forks", {}}});
  EXPECT_THAT(ids_of(page), ElementsAre(3));
  EXPECT_THAT(page.dropped_ids, ElementsAre(1, 2));
}

TEST(Transforms, MayDropAllRecords) {
  const Page page = transformed(page_of({{1, kYes, kNo}, {2, kYes}}), {{"drop_forks", {}}});
  EXPECT_EQ(page.rows.rows(), 0U);
  EXPECT_THAT(page.dropped_ids, ElementsAre(1, 2));
}

TEST(Transforms, KeepColumnsAndWhatNamesARecord) {
  const Page page = transformed(page_of({{1, kYes, kYes}}), {{"keep_columns", {"fork"}}});
  EXPECT_EQ(page.rows.at(0, 0), CellView(std::int64_t{1}));
  EXPECT_EQ(page.rows.at(0, 1), CellView(std::string_view("repo-1")));
  EXPECT_EQ(page.rows.at(0, kFork), kYes);
  EXPECT_EQ(page.rows.at(0, kArchived), kNull);
  EXPECT_EQ(page.rows.not_told(), std::uint64_t{1} << kArchived);
  EXPECT_THAT(page.dropped_ids, IsEmpty());
}

TEST(Transforms, LeaveRecordsAloneThatLackTheColumn) {
  Page page{.rows = RecordBatch(std::span(kFields).first(2))};
  page.rows.add_integer(1);
  page.rows.add_text("repo-1");
  const Page same = transformed(page, {{"drop_forks", {}}, {"drop_archived", {}}});
  EXPECT_EQ(same, page);
}

TEST(Transforms, ChangeNothingWithoutSteps) {
  const Page page = page_of({{1, kYes, kNo}, {2, kNo}});
  EXPECT_EQ(transformed(page, {}), page);
}

TEST(Transforms, AreFoundByTheirNames) {
  for (const Transform& row : transforms()) {
    EXPECT_EQ(find_transform(row.name), &row);
    EXPECT_GT(row.meaning.size(), 10U);
  }
  EXPECT_EQ(find_transform("drop_everything"), nullptr);
}

}  // namespace
}  // namespace repopipe
