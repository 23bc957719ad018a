#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

struct Words {
  std::string operator()(const WholeForm& form) const {
    const std::string range =
        fmt::format("a whole number from {} to {}", form.minimum, form.maximum);
    if (form.word_for_zero.empty()) return range;
    return fmt::format("{} or {}", form.word_for_zero, range);
  }
  std::string operator()(const DurationForm& form) const {
    return fmt::format("a duration from {} to {}", form.minimum, form.maximum);
  }
  std::string operator()(const SizeForm& form) const {
    return fmt::format("a size from {} to {}", form.minimum, form.maximum);
  }
  std::string operator()(const RatioForm& form) const {
    return fmt::format("a number from {} to {}", form.minimum, form.maximum);
  }
  std::string operator()(const ChoiceForm& form) const {
    const std::string first =
        fmt::format("{}", fmt::join(form.words.first(form.words.size() - 1), ", "));
    return first.empty() ? std::string(form.words.back())
                         : fmt::format("{} or {}", first, form.words.back());
  }
  std::string operator()(const TextForm&) const { return "text of 1 to 100 characters"; }
  std::string operator()(const UrlForm&) const { return "an http:// or https:// address"; }
  std::string operator()(const PathForm&) const { return "a path"; }
  std::string operator()(const CertificatesForm&) const { return "a path"; }
  std::string operator()(const UsernamesForm&) const { return "a list of usernames"; }
  std::string operator()(const UsernamesFileForm&) const { return "a path or \"-\""; }
  std::string operator()(const TokensForm&) const {
    return "a list of env:NAME, file:PATH or cmd:COMMAND";
  }
  std::string operator()(const QueueForm&) const {
    return "redis://HOST:PORT/DATABASE or env:NAME";
  }
};

}  // namespace

std::string expectation(const JobKey& key) {
  return std::visit(Words{}, key.form);
}

}  // namespace repopipe
