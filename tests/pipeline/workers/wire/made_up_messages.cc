#include "tests/pipeline/workers/wire/made_up_messages.h"

#include <array>
#include <limits>

#include "pipeline/workers/wire/pack.h"

namespace repopipe::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::array kFields{
    Field{"id", "id", FieldType::integer, Presence::required, Role::attribute, Identity::yes, ""},
    Field{"name", "name", FieldType::text, Presence::required, Role::attribute, Identity::no, ""},
    Field{"fork", "fork", FieldType::boolean, Presence::optional, Role::attribute, Identity::no,
          ""},
    Field{"stars", "stars", FieldType::integer, Presence::optional, Role::statistic, Identity::no,
          ""},
    Field{"topics", "topics", FieldType::text_list, Presence::optional, Role::attribute,
          Identity::no, ""}};

const std::array<std::string, 4> kTexts{"hello", "", std::string("nul\0inside", 10),
                                        "Gr\xC3\xBC\xC3\x9F"
                                        "e \xF0\x9F\x90\x99"};

Timing made_up_timing() {
  return {.started_at = WallTime(1'790'000'000'123ms),
          .name_lookup = 1us,
          .connect = 2us,
          .tls = 3us,
          .first_byte = 4us,
          .total = 5us};
}

bool fits(const Field& field, const CellView& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return field.presence == Presence::optional;
  const auto* number = std::get_if<std::int64_t>(&cell);
  switch (field.type) {
    case FieldType::integer:
      return number != nullptr;
    case FieldType::boolean:
      return number != nullptr && (*number == 0 || *number == 1);
    case FieldType::text:
    case FieldType::time:
      return number == nullptr;
    case FieldType::text_list:
      return number == nullptr && is_text_list(std::get<std::string_view>(cell));
  }
  return false;
}

}  // namespace

Fields wire_fields() {
  return kFields;
}

Resources wire_resources() {
  static const Resource resource{.id = kRepositoriesId,
                                 .name = "repositories",
                                 .table = "repos",
                                 .item = "repo",
                                 .fields = wire_fields(),
                                 .routes = {},
                                 .parent = {"owner_id"}};
  static const std::array<const Resource*, 1> all{&resource};
  return all;
}

Task made_up_task() {
  return {.id = std::numeric_limits<std::uint64_t>::max(),
          .login = "octocat",
          .request = {.kind = RequestKind::account,
                      .target = "/users/octocat/repos?page=7",
                      .page = 7,
                      .last_announced = 9,
                      .is_extra = true,
                      .redirects = 2,
                      .etag = "W/\"a\"",
                      .next = "/users/octocat/repos?page=8",
                      .last_known = 8},
          .attempt = 3,
          .principal = 4,
          .was_refused = true,
          .was_missing = true,
          .generation = 5,
          .losses = 6,
          .crashes = 2,
          .timed_out = true};
}

WorkSettings made_up_settings() {
  return {.provider = "github",
          .base_url = "https://api.example.com",
          .per_page = 30,
          .engine = EngineKind::threads,
          .concurrency = 3,
          .parse_concurrency = 2,
          .timeout = 1'500ms,
          .max_body = Bytes{1ULL << 40},
          .ca_file = "/etc/ca.pem",
          .transforms = {{"drop_forks", {}}, {"keep_columns", {"name", "size"}}}};
}

RunInfo made_up_run_info() {
  return {"1.2.3",  "nightly",        made_up_settings(), {"anonymous", "identity-1"},
          15'000ms, Bytes{3ULL << 30}};
}

RecordBatch made_up_rows(std::size_t count) {
  RecordBatch rows(kFields);
  for (std::size_t i = 0; i < count; ++i) {
    rows.add_integer(i % 2 == 0 ? std::numeric_limits<std::int64_t>::min()
                                : std::numeric_limits<std::int64_t>::max());
    rows.add_text(kTexts[i % kTexts.size()]);
    if (i % 3 == 0) {
      rows.add_null();
      rows.add_null();
      rows.add_null();
    } else {
      rows.add_integer(i % 3 == 1 ? 0 : 1);
      rows.add_integer(static_cast<std::int64_t>(i) * 100 - 150);
      rows.add_text(i % 3 == 1 ? "[]" : R"(["a","\u00fc\"b"])");
    }
  }
  return rows;
}

TaskResult settled(Result<Answer> result) {
  TaskResult task_result;
  task_result.task.id = 12;
  task_result.log = {.page = 7,
                     .attempt = 3,
                     .status = 200,
                     .bytes = 34'000,
                     .http_version = "2",
                     .timing = made_up_timing(),
                     .outcome = "moved",
                     .error = "octocat page 7: moved"};
  task_result.result = std::move(result);
  task_result.parse = 9us;
  return task_result;
}

TaskResult made_up_task_result(std::size_t rows) {
  TaskResult task_result = settled(PageRead{
      {.number = 7,
       .state = PageState::read,
       .rows = made_up_rows(rows),
       .skipped = 1,
       .not_modified_records = 2,
       .digest = std::numeric_limits<std::uint64_t>::max() - 1,
       .validator = {"identity-1", "\"etag\"", "/users/octocat/repos", "/users/octocat?page=2"},
       .skipped_ids = {7, std::numeric_limits<std::int64_t>::max()},
       .unnamed_skips = 3,
       .skip_note = "$[1].owner is null",
       .dropped_ids = {12, -1},
       .partial = "partial-results; organizations=21955855"},
      {made_up_task().request, Request{.target = "/second"}},
      12'000});
  task_result.rate_limits = {.quota = Quota{5000, 4999, 1'790'000'000, 60s},
                             .wait = 30s,
                             .token_ends_in = -5s,
                             .note = "once"};
  return task_result;
}

std::vector<WorkerCommand> made_up_commands() {
  WorkSettings system_ca = made_up_settings();
  system_ca.ca_file.reset();
  return {Configure{made_up_settings(), {"ghp_first", "ghp_second"}}, Configure{system_ca, {}},
          made_up_task(), Task{}, WithdrawWaiting{}};
}

std::vector<WorkerEvent> made_up_events() {
  std::vector<WorkerEvent> reports{Ready{"1.2.3"}};
  for (const std::size_t rows : {0, 1, 100, 20'000}) {
    reports.emplace_back(made_up_task_result(rows));
  }
  RecordBatch not_told = made_up_rows(2);
  not_told.clear_column(2);
  not_told.clear_column(4);
  reports.emplace_back(settled(PageRead{{.rows = std::move(not_told)}}));
  reports.emplace_back(settled(PageRead{{.number = 2, .state = PageState::not_modified}}));
  reports.emplace_back(settled(Redirect{"/user/7/repos"}));
  reports.emplace_back(settled(Account{583231, "octocat"}));
  for (int kind = 0; kind <= static_cast<int>(FailureKind::internal); ++kind) {
    reports.emplace_back(settled(fail(static_cast<FailureKind>(kind), "octocat: no luck")));
  }
  return reports;
}

bool records_fit(const WorkerEvent& report) {
  const auto* task_result = std::get_if<TaskResult>(&report);
  if (task_result == nullptr || !task_result->result) return true;
  const auto* listed = std::get_if<PageRead>(&*task_result->result);
  if (listed == nullptr) return true;
  const RecordBatch& rows = listed->page.rows;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    for (std::size_t column = 0; column < rows.fields().size(); ++column) {
      if (!fits(rows.fields()[column], rows.at(row, column))) return false;
    }
  }
  return true;
}

}  // namespace repopipe::testing
