#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "pipeline/base/text.h"
#include "pipeline/prediction/prediction.h"
#include "pipeline/report/figures.h"

namespace repopipe {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kColumn = 11;

std::string row_of(std::string_view name, std::string_view text) {
  return fmt::format("  {:<8} {}\n", name, wrapped(text, kColumn));
}

WallTime later(WallTime now, Duration by) {
  return now + std::chrono::round<std::chrono::milliseconds>(by);
}

Duration of_seconds(double seconds) {
  return std::chrono::round<Duration>(std::chrono::duration<double>(seconds));
}

// With the day, if it is another one.
std::string clock_of(WallTime time, WallTime now) {
  return show_day(time) == show_day(now) ? show_time_of_day(time) : show_moment(time);
}

// "8 min", but "4.2 s".
std::string brief(Duration time) {
  if (time < std::chrono::seconds(60)) return show_brief(milliseconds(time));
  return show_rounded(time);
}

std::string head_of(const PredictedJob& of) {
  const Job& job = of.job;
  const std::string share = of.shard.is_whole() ? "" : " of shard " + of.shard.name();
  const std::size_t tokens = job.provider.tokens.size();
  return fmt::format("{}: would list {}{} from {}\n", job.name,
                     counted(of.entries, "user", "users"), share, job.provider.base_url) +
         row_of("fetch",
                fmt::format("{} concurrent requests ({}), {}", of.concurrency,
                            job.fetch.engine == EngineKind::threads ? "threads" : "event_loop",
                            counted(tokens, "token", "tokens"))) +
         fmt::format("  {:<8} in {}\n", "store", job.store.database.string()) +
         (of.resumption.empty() ? "" : row_of("resume", of.resumption));
}

std::string users_of(const Prediction& told) {
  const Work& work = told.work;
  std::string text = fmt::format("{}: {} known", show(work.users), show(work.users - work.unknown));
  if (work.unknown > 0) {
    text +=
        fmt::format(", {} unknown, at {:.2f} pages each", show(work.unknown), told.past.mean_pages);
  }
  if (work.unknown_lists > 0) {
    text += fmt::format("; {} of accounts not read yet, whose users do not count here",
                        counted(work.unknown_lists, "list", "lists"));
  }
  return text;
}

std::string requests_of(const Prediction& told) {
  std::string text = show(told.requests);
  if (told.conditional == 0) return text;
  text += fmt::format(": {} conditional", show(told.conditional));
  if (!told.past.knows_free) return text + "; no finished run says how many pages are unchanged";
  return text + fmt::format(", of these about {} not modified", show(told.not_modified));
}

std::string quota_line(const PredictedToken& token, WallTime now, std::size_t nights) {
  std::string text = counted(token.points, "point", "points");
  if (!token.limit) {
    return text + (nights == 0 ? "; the quota is not known before the first run"
                               : "; the API has told no quota");
  }
  if (!token.remaining) return text + fmt::format(" of {} an hour", show(*token.limit));
  return text + fmt::format(": {} of {} left, resets {}", show(*token.remaining),
                            show(*token.limit), clock_of(*token.resets_at, now));
}

std::string name_of(const PredictedToken& token) {
  return token.name == kAnonymous ? "requests without a token" : shown_line(token.name);
}

std::string quota_rows(const Prediction& told) {
  if (!told.has_quota) return row_of("quota", "the API has none");
  std::string rows;
  const bool is_one = told.tokens.size() == 1;
  for (const PredictedToken& token : told.tokens) {
    rows += row_of("quota", (is_one ? "" : name_of(token) + ": ") +
                                quota_line(token, told.now, told.past.nights));
  }
  return rows;
}

std::string time_of(const Prediction& told, const Job& job) {
  const std::string deadline =
      fmt::format("deadline {}", clock_of(told.now + job.run.deadline, told.now));
  const std::string waiting =
      told.waiting < told.time / 10 ? "" : fmt::format(", {} of it waiting", brief(told.waiting));
  return fmt::format("about {}{}: done {}, {}", brief(told.time), waiting,
                     clock_of(later(told.now, told.time), told.now), deadline);
}

std::string limit_text(const Prediction& told, const PredictedJob& of) {
  const Job::Limits& limits = of.job.limits;
  switch (told.limited_by) {
    case LimitedBy::nothing:
      return "nothing is left to be requested";
    case LimitedBy::concurrency:
      return fmt::format("fetch.concurrency: {} at a time, at {} a response", of.concurrency,
                         show_brief(1e3 * told.response));
    case LimitedBy::requests_per_minute:
      return fmt::format("limits.requests_per_minute ({})", limits.requests_per_minute);
    case LimitedBy::response_seconds_per_minute:
      return fmt::format("limits.response_seconds_per_minute ({}), at {} a response",
                         limits.response_seconds_per_minute, show_brief(1e3 * told.response));
    case LimitedBy::quota:
      return "the quota";
    case LimitedBy::store:
      return fmt::format("the store, at {} a request", show_brief(1e3 * told.past.store));
  }
  return {};
}

// What the figures come from.
std::string source_of(const Prediction& told) {
  if (told.past.nights == 0) {
    return fmt::format("no finished run of this job: assumes {} a response",
                       show_brief(1e3 * told.past.response));
  }
  return told.past.nights == 1 ? "the last finished run"
                               : fmt::format("the last {} finished runs", told.past.nights);
}

Json text_or_none(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json json_of(const PredictedToken& token) {
  return {{"token", token.name},
          {"points", token.points},
          {"quota_limit", token.limit ? Json(*token.limit) : Json()},
          {"remaining", token.remaining ? Json(*token.remaining) : Json()},
          {"resets_at", token.resets_at ? Json(to_iso8601(*token.resets_at)) : Json()}};
}

}  // namespace

std::string_view name_of(LimitedBy limit) {
  constexpr std::array<std::string_view, 6> kNames{
      "nothing", "concurrency", "requests_per_minute", "response_seconds_per_minute",
      "quota",   "store"};
  return kNames.at(static_cast<std::size_t>(limit));
}

std::string reason_of(const Prediction& told, const Job& job) {
  const Schedule& schedule = told.schedule;
  const std::string token = told.tokens.empty() ? "" : name_of(told.tokens.at(schedule.quota));
  switch (schedule.obstacle) {
    case Obstacle::none:
      return {};
    case Obstacle::deadline:
      return fmt::format("it takes about {}, and run.deadline is {}", brief(told.time),
                         show_rounded(job.run.deadline));
    case Obstacle::reserve:
      return fmt::format("limits.reserve ({}) is the whole quota of {}", job.limits.reserve, token);
    case Obstacle::max_wait: {
      const Duration used_up = of_seconds(schedule.used_up_at);
      return fmt::format(
          "the quota of {} is used up {} and resets {}, {} later; run.max_wait allows {}", token,
          clock_of(later(told.now, used_up), told.now),
          clock_of(later(told.now, of_seconds(schedule.continues_at)), told.now),
          show_rounded(of_seconds(schedule.longest_wait)), show_rounded(job.run.max_wait));
    }
  }
  return {};
}

std::string remedy_of(const Prediction& told) {
  switch (told.schedule.obstacle) {
    case Obstacle::none:
      return {};
    case Obstacle::reserve:
      return "lower limits.reserve";
    case Obstacle::max_wait:
      return "raise run.max_wait, begin later, or add a token of another account; what a run "
             "leaves, the next one resumes";
    case Obstacle::deadline:
      break;
  }
  const auto or_deadline = [](std::string_view key) {
    return fmt::format("raise {} or run.deadline; what a run leaves, the next one resumes", key);
  };
  switch (told.limited_by) {
    case LimitedBy::quota:
      return "add a token of another account, or raise run.deadline; what a run leaves, the next "
             "one resumes";
    case LimitedBy::requests_per_minute:
    case LimitedBy::response_seconds_per_minute:
      return or_deadline(fmt::format("limits.{}, if the API allows it,", name_of(told.limited_by)));
    case LimitedBy::concurrency:
      return or_deadline("fetch.concurrency");
    case LimitedBy::store:
    case LimitedBy::nothing:
      break;
  }
  return "raise run.deadline; what a run leaves, the next one resumes";
}

std::string to_text(const Prediction& told, const PredictedJob& of) {
  std::string text = head_of(of);
  text += row_of("users", users_of(told));
  text += row_of("requests", requests_of(told));
  text += quota_rows(told);
  text += row_of("time", time_of(told, of.job));
  text += row_of("limit", limit_text(told, of));
  text += row_of("from", source_of(told));
  for (const std::string& note : of.notes) text += row_of("note", note);
  if (told.fits()) return text + row_of("fits", "yes");
  return text + row_of("fits", "no: " + reason_of(told, of.job)) + row_of("do", remedy_of(told));
}

std::string to_json(const Prediction& told, const PredictedJob& of) {
  const Work& work = told.work;
  Json tokens = Json::array();
  for (const PredictedToken& token : told.tokens) tokens.push_back(json_of(token));
  const Json json{{"job", of.job.name},
                  {"shard", of.shard.is_whole() ? Json() : Json(of.shard.name())},
                  {"database", of.has_database ? Json(of.job.store.database.string()) : Json()},
                  {"resumes", of.run_id ? Json(*of.run_id) : Json()},
                  {"finished_runs", told.past.nights},
                  {"users",
                   {{"left", work.users},
                    {"done", work.done},
                    {"known", work.users - work.unknown},
                    {"unknown", work.unknown}}},
                  {"lists", {{"left", work.lists}, {"unknown", work.unknown_lists}}},
                  {"requests", told.requests},
                  {"conditional", told.conditional},
                  {"not_modified", told.not_modified},
                  {"points", told.points},
                  {"tokens", std::move(tokens)},
                  {"response_s", told.response},
                  {"time_s", seconds(told.time)},
                  {"waiting_s", seconds(told.waiting)},
                  {"done_at", to_iso8601(later(told.now, told.time))},
                  {"deadline_at", to_iso8601(told.now + of.job.run.deadline)},
                  {"limited_by", name_of(told.limited_by)},
                  {"fits", told.fits()},
                  {"reason", text_or_none(reason_of(told, of.job))},
                  {"remedy", text_or_none(remedy_of(told))},
                  {"notes", of.notes}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace repopipe
