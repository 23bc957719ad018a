#include "tests/simulator/rules.h"

#include <cctype>
#include <functional>
#include <string>

#include "tests/simulator/random.h"
#include "tests/simulator/target.h"

namespace repopipe::simulator {

Course Rules::arrive(const Request& request, std::uint64_t in_flight, Moment now) {
  Course course{.arrived = now, .in_flight = in_flight};
  course.standing = limits_.arrive(request.authorization, now);
  // A refusal is not counted in the failure streak of its URL.
  if (!course.standing.refused()) course.fault = faults_.next(request.target);
  if (politeness_ != nullptr) {
    politeness_->arrived(
        request,
        {.in_flight = in_flight, .standing = course.standing, .account = account_of(request)}, now);
  }
  return course;
}

// An unknown login is represented by a hash, which is larger than any id.
std::optional<std::uint64_t> Rules::account_of(const Request& request) const {
  if (const auto account = answerer_.account_of(request.target)) return account->id;
  const auto target = parse_target(request.target);
  if (!target || !std::holds_alternative<std::string>(target->account)) return std::nullopt;
  std::string login = std::get<std::string>(target->account);
  for (char& c : login) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return mix(std::hash<std::string>{}(login)) | (std::uint64_t{1} << 63);
}

Outcome Rules::answer(const Request& request, const Course& course, Moment now) {
  Outcome result = outcome(request, course, now);
  if (politeness_ != nullptr) {
    const int status = result.delivery == Delivery::whole ? result.response.status : 0;
    politeness_->replied(request, status, result.response.wait, now);
  }
  return result;
}

Outcome Rules::outcome(const Request& request, const Course& course, Moment now) {
  if (course.standing.refused()) {
    return {.response = limits_.refusal(request.authorization, course.standing, now)};
  }
  switch (course.fault) {
    case Fault::none:
      return {.response = answerer_.answer(request, now)};
    case Fault::server_error:
      return {.response = outage(course.in_flight + left_)};
    case Fault::reset:
      return {.delivery = Delivery::reset};
    case Fault::secondary:
      return {.response = limits_.whim(request.authorization, now)};
    case Fault::cut:
    case Fault::gzip_cut:
    case Fault::trickle:
      return spoiled(request, course.fault, now);
    case Fault::http_500:
    case Fault::http_502:
    case Fault::http_503:
    case Fault::http_504:
    case Fault::html:
    case Fault::not_json:
    case Fault::missing:
    case Fault::unauthorized:
      break;
  }
  return {.response = *fault_response(course.fault)};
}

// Only a body can be damaged: a 304 becomes a full response.  Other responses than 200, such as
// rate limits, are not damaged.
Outcome Rules::spoiled(const Request& request, Fault fault, Moment now) {
  Request unconditional = request;
  unconditional.if_none_match = {};
  Outcome result{.response = answerer_.answer(unconditional, now)};
  if (result.response.status != 200 || !result.response.body) return result;
  if (fault == Fault::cut) result.delivery = Delivery::cut;
  if (fault == Fault::trickle) result.delivery = Delivery::trickle;
  if (fault == Fault::gzip_cut) {
    const std::string& body = *result.response.body;
    result.response.body = std::make_shared<const std::string>(body.substr(0, body.size() / 2));
  }
  return result;
}

void Rules::leave(const Request& request, const Course& course, Moment now) {
  ++left_;
  limits_.leave(request.authorization, course.arrived, now);
}

void Rules::lose(const Request& request, const Course& course, Moment now) {
  if (politeness_ != nullptr) politeness_->replied(request, 0, std::nullopt, now);
  leave(request, course, now);
}

}  // namespace repopipe::simulator
