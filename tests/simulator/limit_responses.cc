#include "tests/simulator/limit_responses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace repopipe::simulator {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kForms = 5, kFormsWithSeconds = 2;

constexpr std::string_view kDocumentation =
    "https://docs.github.com/rest/overview/"
    "rate-limits-for-the-rest-api#about-secondary-rate-limits";
constexpr std::string_view kSecondary =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
constexpr std::string_view kAbuse =
    "You have triggered an abuse detection mechanism. Please wait a few minutes before you try "
    "again.";

// RFC 9110, 5.6.7.
std::string http_date(std::chrono::sys_seconds time) {
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

}  // namespace

LimitForm limit_form(std::uint64_t draw) {
  return static_cast<LimitForm>(draw % kForms);
}

LimitForm whim_form(std::uint64_t draw) {
  return static_cast<LimitForm>(draw % kFormsWithSeconds);
}

bool names_a_wait(LimitForm form) {
  return form != LimitForm::plain && form != LimitForm::abuse;
}

Response limit_response(LimitForm form, const LimitTimes& times) {
  const bool too_many = form == LimitForm::too_many_seconds;
  Response response =
      message_response(too_many ? 429 : 403, too_many ? "Too Many Requests" : "Forbidden",
                       form == LimitForm::abuse ? kAbuse : kSecondary, kDocumentation);
  Moment told = times.now + times.unnamed;
  if (form == LimitForm::forbidden_date) {
    const auto date = std::chrono::ceil<seconds>(times.ends);
    response.headers.push_back({"Retry-After", http_date(date)});
    told = date;
  } else if (names_a_wait(form)) {
    const seconds wait = std::max(seconds(1), std::chrono::ceil<seconds>(times.ends - times.now));
    response.headers.push_back({"Retry-After", std::to_string(wait.count())});
    told = times.now + wait;
  }
  response.wait = Wait{.kind = LimitKind::secondary, .ends = times.ends, .told = told};
  return response;
}

Response banned_response() {
  return message_response(403, "Forbidden",
                          "You have triggered an abuse detection mechanism and have been banned.",
                          kDocumentation);
}

}  // namespace repopipe::simulator
