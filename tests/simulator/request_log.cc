#include "tests/simulator/request_log.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/simulator/errors.h"
#include "tests/simulator/quota.h"
#include "tests/simulator/target.h"

namespace repopipe::simulator {
namespace {

constexpr std::size_t kBufferSize = 1 << 20;
constexpr auto kFewApart = std::chrono::milliseconds(20);

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string time_text(std::chrono::system_clock::time_point time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

// The fields of a target: "login" or "id", and for a listing "page" and "per_page".
std::string target_fields(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return "";
  std::string fields;
  if (const auto* id = std::get_if<std::uint64_t>(&target->account)) {
    fields = fmt::format(R"("id":{},)", *id);
  } else {
    fields = fmt::format(R"("login":{},)", json_text(std::get<std::string>(target->account)));
  }
  if (target->kind == PageKind::listing) {
    fields += fmt::format(R"("page":{},"per_page":{},)", target->page, target->per_page);
  }
  return fields;
}

}  // namespace

RequestLog::RequestLog(const std::filesystem::path& file) : buffer_(kBufferSize) {
  stream_.rdbuf()->pubsetbuf(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  stream_.open(file, std::ios::binary | std::ios::trunc);
  if (!stream_) throw CannotCreate(fmt::format("log {}: {}", file.string(), std::strerror(errno)));
}

void RequestLog::write(const RequestRecord& record) {
  const Request& request = record.request;
  stream_ << fmt::format(
      R"({{"time":"{}","method":"{}","target":{},{}"status":{},"bytes":{},"principal":"{}",)",
      time_text(record.arrived), record.method, json_text(request.target),
      target_fields(request.target), record.status, record.bytes,
      principal_of(request.authorization));
  stream_ << fmt::format(R"("user_agent":{},"if_none_match":{},"in_flight":{})",
                         json_text(request.user_agent), !request.if_none_match.empty(),
                         record.in_flight);
  if (record.fault != Fault::none)
    stream_ << fmt::format(R"(,"fault":"{}")", name_of(record.fault));
  stream_ << "}\n";
  if (std::chrono::steady_clock::now() - flushed_ > kFewApart) flush();
}

void RequestLog::flush() {
  stream_.flush();
  flushed_ = std::chrono::steady_clock::now();
}

}  // namespace repopipe::simulator
