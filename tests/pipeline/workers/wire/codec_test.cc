// Messages are decoded as they were encoded, and all other bytes are rejected.
#include "pipeline/workers/wire/codec.h"

#include <gtest/gtest.h>

#include <functional>
#include <msgpack.hpp>
#include <random>

#include "tests/pipeline/workers/wire/made_up_messages.h"
#include "tests/testing/sanitized.h"

namespace repopipe {
namespace {

using namespace testing;

WorkerEvent without_rows(WorkerEvent report) {
  auto* task_result = std::get_if<TaskResult>(&report);
  if (task_result == nullptr || !task_result->result) return report;
  auto* listed = std::get_if<PageRead>(&*task_result->result);
  if (listed != nullptr) listed->page.rows = RecordBatch(Fields{});
  return report;
}

TEST(Codec, BringsEveryCommandAcross) {
  for (const WorkerCommand& order : made_up_commands()) {
    const auto decoded = decode_command(encode(order));
    ASSERT_TRUE(decoded) << order.index();
    EXPECT_TRUE(*decoded == order) << order.index();
  }
}

TEST(Codec, BringsEveryEventAcross) {
  for (const WorkerEvent& report : made_up_events()) {
    const auto decoded = decode_event(encode(report), wire_resources());
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(*decoded == report);
    EXPECT_TRUE(records_fit(*decoded));
  }
}

TEST(Codec, BringsTheHeadOfEveryEventAcross) {
  for (const WorkerEvent& report : made_up_events()) {
    const auto decoded = decode_event_head(encode(report));
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(*decoded == without_rows(report));
  }
}

TEST(Codec, BringsAnAnnouncementAcross) {
  const auto decoded = decode_run_info(encode(made_up_run_info()));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, made_up_run_info());
}

// The moments of one machine mean nothing to another.
TEST(Codec, SendsNoTimesOfOneMachine) {
  Task task = made_up_task();
  task.sent = Time(std::chrono::seconds(7));
  EXPECT_EQ(encode(WorkerCommand(task)), encode(WorkerCommand(made_up_task())));
  TaskResult task_result = made_up_task_result(1);
  task_result.log.timing.started = Time(std::chrono::seconds(7));
  task_result.queued = std::chrono::seconds(8);
  task_result.task.login = "who";
  EXPECT_EQ(encode(WorkerEvent(task_result)), encode(WorkerEvent(made_up_task_result(1))));
}

TEST(Codec, RefusesAMessageThatIsCutOrHasSomethingBehind) {
  const std::string whole = encode(WorkerEvent(made_up_task_result(3)));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_event(whole.substr(0, size), wire_resources())) << size;
  }
  EXPECT_FALSE(decode_event(whole + '\0', wire_resources()));
  EXPECT_EQ(decode_event({}, wire_resources()).error().kind, FailureKind::malformed);
}

TEST(Codec, RefusesTheMessagesOfTheOtherSide) {
  EXPECT_FALSE(decode_command(encode(WorkerEvent(made_up_task_result(3)))));
  EXPECT_FALSE(decode_event(encode(WorkerCommand(made_up_task())), wire_resources()));
  EXPECT_FALSE(decode_run_info(encode(WorkerCommand(made_up_task()))));
  EXPECT_FALSE(decode_command(encode(made_up_run_info())));
}

// Flipped bits give another message or none, and never rows that are not of their fields.
TEST(Codec, SurvivesFlippedBits) {
  const std::string whole = encode(WorkerEvent(made_up_task_result(8)));
  std::mt19937 random(20261123);
  constexpr int kRounds = is_sanitized() ? 5'000 : 50'000;
  int read = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes = whole;
    for (int flips = std::uniform_int_distribution(1, 4)(random); flips > 0; --flips) {
      const auto at = std::uniform_int_distribution<std::size_t>(0, bytes.size() * 8 - 1)(random);
      bytes[at / 8] = static_cast<char>(bytes[at / 8] ^ (1 << (at % 8)));
    }
    const auto decoded = decode_event(bytes, wire_resources());
    if (!decoded) continue;
    ++read;
    ASSERT_TRUE(records_fit(*decoded)) << round;
    const auto again = decode_event(encode(*decoded), wire_resources());
    ASSERT_TRUE(again && *again == *decoded) << round;
  }
  EXPECT_GT(read, kRounds / 10);  // most bits are those of texts and numbers
}

// A result whose cells the test writes.
class Cells : public ::testing::Test {
 protected:
  using Pack = msgpack::packer<msgpack::sbuffer>;

  // The sample result without rows, with these cells; `not_told` as in RecordBatch.
  Result<WorkerEvent> decoded(const std::function<void(Pack&)>& write, std::uint64_t not_told = 0) {
    msgpack::sbuffer cells;
    Pack pack(cells);
    pack.pack(not_told);
    write(pack);
    TaskResult task_result = made_up_task_result(0);
    std::get<PageRead>(*task_result.result).page.skipped = 0x41;
    std::string bytes = encode(WorkerEvent(std::move(task_result)));
    // The cells of no rows, and the next member.
    const std::size_t at = bytes.find(std::string("\xc4\x02\x00\x90\x41", 5));
    msgpack::sbuffer binary;
    Pack(binary).pack_bin(static_cast<std::uint32_t>(cells.size()));
    binary.write(cells.data(), cells.size());
    bytes.replace(at, 4, binary.data(), binary.size());
    return decode_event(bytes, wire_resources());
  }

  static void row(Pack& pack, const std::function<void(Pack&)>& topics) {
    pack.pack_array(5);
    pack.pack(1);
    pack.pack("name");
    pack.pack(1);
    pack.pack(-3);
    topics(pack);
  }
};

TEST_F(Cells, AreTakenWhenTheyFit) {
  const auto report = decoded([](Pack& pack) { row(pack, [](Pack& p) { p.pack("[\"a\"]"); }); });
  ASSERT_TRUE(report);
  const auto& page = std::get<PageRead>(*std::get<TaskResult>(*report).result).page;
  RecordBatch expected(wire_fields());
  expected.add_integer(1);
  expected.add_text("name");
  expected.add_integer(1);
  expected.add_integer(-3);
  expected.add_text("[\"a\"]");
  EXPECT_TRUE(page.rows == expected);
}

TEST_F(Cells, AreRefusedWhenTheirTypeIsAnother) {
  const std::vector<std::function<void(Pack&)>> wrong{
      [](Pack& p) { p.pack(7); },       [](Pack& p) { p.pack("no list"); },
      [](Pack& p) { p.pack("[1]"); },   [](Pack& p) { p.pack(true); },
      [](Pack& p) { p.pack_array(0); }, [](Pack& p) { p.pack(1.5); },
      [](Pack& p) { p.pack_map(0); },   [](Pack& p) { p.pack_bin(0); },
      [](Pack& p) { p.pack_ext(0, 0); }};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_FALSE(decoded([&](Pack& pack) { row(pack, wrong[i]); })) << i;
  }
}

TEST_F(Cells, AreRefusedByEachField) {
  for (int broken = 0; broken < 5; ++broken) {
    EXPECT_FALSE(decoded([&](Pack& pack) {
      pack.pack_array(5);
      broken == 0 ? pack.pack("1") : pack.pack(1);
      broken == 1 ? pack.pack(1) : pack.pack("name");
      broken == 2 ? pack.pack(2) : pack.pack(0);
      broken == 3 ? pack.pack(std::uint64_t{1} << 63) : pack.pack(0);
      broken == 4 ? pack.pack(0) : pack.pack("[]");
    })) << broken;
  }
}

TEST_F(Cells, MayBeNothingOnlyWhereTheFieldAllowsIt) {
  for (int nothing = 0; nothing < 5; ++nothing) {
    const auto report = decoded([&](Pack& pack) {
      pack.pack_array(5);
      nothing == 0 ? pack.pack_nil() : pack.pack(1);
      nothing == 1 ? pack.pack_nil() : pack.pack("name");
      nothing == 2 ? pack.pack_nil() : pack.pack(0);
      nothing == 3 ? pack.pack_nil() : pack.pack(0);
      nothing == 4 ? pack.pack_nil() : pack.pack("[]");
    });
    EXPECT_EQ(report.has_value(), nothing >= 2) << nothing;
  }
}

TEST_F(Cells, AreRefusedWhenARowIsNotWhole) {
  EXPECT_FALSE(decoded([](Pack& pack) {
    pack.pack_array(2);
    pack.pack(1);
    pack.pack("name");
  }));
}

// Of five fields the first two are required.
TEST_F(Cells, MayBeNotSentOnlyWhereTheFieldAllowsIt) {
  const auto nulls = [](Pack& pack) {
    pack.pack_array(5);
    pack.pack(1);
    pack.pack("name");
    for (int field = 2; field < 5; ++field) pack.pack_nil();
  };
  for (int field = 0; field < 64; ++field) {
    const auto report = decoded(nulls, std::uint64_t{1} << field);
    EXPECT_EQ(report.has_value(), field >= 2 && field < 5) << field;
  }
}

TEST_F(Cells, AreRefusedWhenTheyClaimToBeMany) {
  EXPECT_FALSE(decoded([](Pack& pack) { pack.pack_array(0xffffffff); }));
}

TEST(Codec, RefusesRowsOfAnUnknownResource) {
  EXPECT_FALSE(decode_event(encode(WorkerEvent(made_up_task_result(1))), {}));
  TaskResult task_result = made_up_task_result(1);
  EXPECT_TRUE(decode_event(encode(WorkerEvent(task_result)), wire_resources()));
  task_result.task.resource = 99;
  EXPECT_FALSE(decode_event(encode(WorkerEvent(task_result)), wire_resources()));
}

TEST(Codec, RefusesWordsOutOfRange) {
  Task task = made_up_task();
  task.request.kind = static_cast<RequestKind>(3);
  EXPECT_FALSE(decode_command(encode(WorkerCommand(task))));
  WorkSettings settings = made_up_settings();
  settings.engine = static_cast<EngineKind>(-1);
  EXPECT_FALSE(decode_command(encode(WorkerCommand(Configure{settings, {}}))));
  EXPECT_FALSE(
      decode_event(encode(WorkerEvent(settled(fail(static_cast<FailureKind>(99), "no such kind")))),
                   wire_resources()));
}

}  // namespace
}  // namespace repopipe
