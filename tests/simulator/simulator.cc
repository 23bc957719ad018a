#include "tests/simulator/simulator.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/simulator/errors.h"
#include "tests/simulator/identity.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/recorded_source.h"

namespace repopipe::simulator {

namespace {

std::unique_ptr<Source> make_plain_source(const Options& options) {
  if (options.recorded) return std::make_unique<RecordedSource>(*options.recorded);
  return std::make_unique<MadeUpSource>(options.world);
}

RenamedSource make_renamed_source(const Options& options) {
  return RenamedSource(make_plain_source(options), options.world.seed, options.names);
}

// The line of one account with its newline; empty: none.
std::string line_of(const Options& options, const Account& account) {
  if (options.action == Action::print_logins) return account.login + "\n";
  const auto fate = Fates(options.world.seed, options.answers.fates).of(account);
  if (!fate || is_doomed(*fate) != (options.action == Action::print_doomed)) return "";
  return fmt::format("{} {}\n", account.login, name_of(*fate));
}

}  // namespace

std::unique_ptr<Source> make_source(const Options& options) {
  const bool names_change = options.names.renamed_percent + options.names.gone_percent > 0;
  if (options.world.day == 0 || !names_change) return make_plain_source(options);
  return std::make_unique<RenamedSource>(make_renamed_source(options));
}

void print_list(const Options& options, std::ostream& out) {
  if (options.action == Action::print_renamed) return make_renamed_source(options).list(out);
  const auto source = make_plain_source(options);
  std::string lines;
  for (std::uint64_t ordinal = 0;; ++ordinal) {
    const auto account = source->find(Ordinal{ordinal});
    if (!account) break;
    lines += line_of(options, *account);
    if (lines.size() < std::size_t{1} << 16) continue;
    out << lines;
    lines.clear();
  }
  out << lines << std::flush;
}

Simulator::Simulator(const Options& options)
    : ready_file_(options.ready_file),
      source_(make_source(options)),
      answerer_(*source_, options.answers),
      faults_(options.world.seed, options.faults),
      limits_(options.world.seed, options.limits),
      rules_(answerer_, faults_, limits_, prepare_report(options)),
      log_(options.log ? std::optional<RequestLog>(std::in_place, *options.log) : std::nullopt),
      server_(options.server, rules_, log_ ? &*log_ : nullptr) {
  if (options.warm) answerer_.warm();
}

Politeness* Simulator::prepare_report(const Options& options) {
  if (!options.report) return nullptr;
  report_.open(*options.report, std::ios::trunc);
  if (!report_) {
    throw CannotCreate(
        fmt::format("report {}: {}", options.report->string(), std::strerror(errno)));
  }
  return &politeness_.emplace(answerer_.tokens(), options.limits);
}

std::string Simulator::write_report() {
  if (!politeness_) return "";
  report_ << politeness_->report() << "\n";
  report_.close();
  if (!report_) throw CannotCreate("report: cannot be written");
  return politeness_->summary();
}

void Simulator::announce() const {
  if (!ready_file_) return;
  std::filesystem::path draft = *ready_file_;
  draft += ".part";
  std::ofstream stream(draft);
  stream << server_.base_url() << "\n";
  stream.close();
  std::error_code error;
  if (stream) {
    std::filesystem::rename(draft, *ready_file_, error);
  } else {
    error = std::error_code(errno, std::generic_category());
  }
  if (error) {
    throw CannotCreate(fmt::format("ready file {}: {}", ready_file_->string(), error.message()));
  }
}

}  // namespace repopipe::simulator
