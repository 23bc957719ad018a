#include "tests/simulator/description.h"

#include <array>
#include <string_view>

#include "tests/simulator/random.h"
#include "tests/simulator/words.h"

namespace repopipe::simulator {
namespace {

constexpr std::array<std::string_view, 12> kPatterns = {
    "A {a} {t} {r} for {n}",
    "{t} {r} written from scratch",
    "Yet another {t} {r}, but {a}",
    "The {a} {r} behind {n}.dev",
    "Turns any {t} into a {t} {r}",
    "[DEPRECATED] Use {t}-{r} instead",
    "{a} {t} bindings, with a {r} and a {r}",
    "My {t} {r} for learning about the {t} of {n}",
    "Fork of {n}/{t}-{r} with {a} patches",
    "Official {t} {r} of the {a} {n} project: {t}, {t} and {t} in one place",
    "Experiments with {t} {r}s (not for production)",
    "Source code of the talk \"{a} {t}s\" at {n}conf"};

constexpr std::array<std::string_view, 16> kOddTexts = {
    "🚀 ",
    "⚡️🐍 ",
    "日本語の説明: ",
    "用于{n}的简单工具 ",
    "간단한 도구 ",
    "\u200f‫أداة بسيطة‬ ",
    "כלי פשוט \u200e",
    "one line\u2028another line\u2029",
    "naïve façade, Łódź, Ærø: ",
    "C:\\temp\\{t} ",
    "tab\there ",
    "first line\nsecond line ",
    "<script>alert('{t}')</script> & co. ",
    "'; DROP TABLE repos; -- ",
    "👩‍👩‍👧‍👦 family, 🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag ",
    "\u0001\u001f control "};

std::string_view word_for(char letter, Dice& dice) {
  const std::uint64_t index = dice.below(64);
  if (letter == 'a') return kAdjectives[index];
  if (letter == 'n') return kNouns[index];
  if (letter == 't') return kThings[index];
  return kRoles[index];
}

// Replaces {a}, {n}, {t} and {r} by an adjective, a noun, a thing and a role.
std::string filled_in(std::string_view pattern, Dice& dice) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      text += pattern[i];
      continue;
    }
    text += word_for(pattern[i + 1], dice);
    i += 2;
  }
  return text;
}

}  // namespace

std::optional<std::string> description(std::uint64_t stream) {
  Dice dice(stream);
  if (dice.chance(0.12)) return std::nullopt;
  if (dice.chance(0.01)) return "";
  std::string text;
  if (dice.chance(0.15)) text = filled_in(kOddTexts[dice.below(kOddTexts.size())], dice);
  text += filled_in(kPatterns[dice.below(kPatterns.size())], dice);
  if (dice.chance(0.2)) text += ". " + filled_in(kPatterns[dice.below(kPatterns.size())], dice);
  if (dice.chance(0.02)) text.resize(text.size() + 180, '.');
  return text;
}

}  // namespace repopipe::simulator
