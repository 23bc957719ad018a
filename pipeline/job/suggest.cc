#include "pipeline/job/suggest.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "pipeline/base/text.h"
#include "pipeline/job/job_keys.h"

namespace repopipe {
namespace {

constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();
constexpr std::size_t kLongestCompared = 64;

// maxBody, max-body and max_body are the same to somebody in a hurry.
std::string folded(std::string_view text) {
  std::string plain = fold_case(text);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return plain;
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1), last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last.back();
}

// kFar unless near enough to be worth a guess.
std::size_t closeness(std::string_view text, std::string_view word, Reach reach = Reach::near) {
  if (text.size() > kLongestCompared) return kFar;
  const std::string left = folded(text);
  const std::size_t distance = edit_distance(left, folded(word));
  const std::size_t most = left.size() / (reach == Reach::near ? 3 : 2);
  return distance <= std::max<std::size_t>(1, most) ? distance : kFar;
}

std::string_view section_of(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::string_view leaf_of(std::string_view path) {
  return path.substr(path.find('.') + 1);
}

}  // namespace

std::string nearest_key(std::string_view path) {
  const std::string_view section = section_of(path), leaf = leaf_of(path);
  std::string_view nearest;
  std::size_t best = kFar;
  const auto consider = [&](std::string_view candidate, std::string_view word, std::size_t extra) {
    const std::size_t distance = closeness(leaf, word);
    if (distance == kFar || 2 * distance + extra >= best) return;
    best = 2 * distance + extra;
    nearest = candidate;
  };
  for (const JobKey& key : job_keys()) {
    const std::string_view home = section_of(key.path);
    consider(key.path, leaf_of(key.path), home == section ? 0 : 1);
    if (section.empty() && !home.empty()) consider(home, home, 0);
  }
  if (nearest.empty() && !is_section(section)) {
    for (const JobKey& key : job_keys()) {  // feth.concurency: wrong in both halves
      if (closeness(path, key.path) != kFar) return std::string(key.path);
    }
  }
  return std::string(nearest);
}

std::string_view nearest_word(std::string_view text, std::span<const std::string_view> words,
                              Reach reach) {
  const auto near = [=](std::string_view word) { return closeness(text, word, reach); };
  const auto best = std::ranges::min_element(words, {}, near);
  return best != words.end() && near(*best) != kFar ? *best : std::string_view{};
}

std::string known_subjects(std::string_view section) {
  std::string known;
  std::string_view last;
  for (const JobKey& key : job_keys()) {
    const std::string_view home = section_of(key.path);
    const std::string_view word = !section.empty() || home.empty() ? leaf_of(key.path) : home;
    if ((!section.empty() && home != section) || word == last) continue;
    if (!known.empty()) known += ", ";
    known += last = word;
  }
  return known;
}

}  // namespace repopipe
