#include "tests/simulator/recorded_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/simulator/errors.h"

namespace repopipe::simulator {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// For an account without recorded records, whose id is unknown.
constexpr std::uint64_t kFirstUnknownId = 4'000'000'000;

std::string folded(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// 2.json before 10.json; files whose names are not numbers come last, by name.
std::pair<unsigned long, std::string> page_order(const fs::path& file) {
  const std::string stem = file.stem().string();
  unsigned long number = ~0UL;
  std::from_chars(stem.data(), stem.data() + stem.size(), number);
  return {number, stem};
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

std::vector<fs::path> page_files(const fs::path& folder) {
  std::vector<fs::path> files = entries(folder);
  std::erase_if(files, [](const fs::path& file) {
    return file.extension() != ".json" || file.string().ends_with(".headers.json");
  });
  std::ranges::sort(files, {}, page_order);
  return files;
}

Json read_json(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  try {
    return Json::parse(stream);
  } catch (const Json::exception& error) {
    throw BadUsage(fmt::format("{}: {}", file.string(), error.what()));
  }
}

void adopt_owner(Account& account, const Json& repository) {
  const Json owner = repository.value("owner", Json::object());
  account.id = owner.value("id", account.id);
  const std::string login = owner.value("login", account.login);
  if (folded(login) == folded(account.login)) account.login = login;
  if (owner.value("type", "User") == "Organization") account.kind = AccountKind::organization;
}

}  // namespace

RecordedSource::Recording RecordedSource::read_recording(const fs::path& folder,
                                                         std::uint64_t ordinal) {
  Recording recording;
  recording.account = {
      .ordinal = ordinal, .id = kFirstUnknownId + ordinal, .login = folder.filename().string()};
  std::set<std::uint64_t> seen;
  for (const fs::path& file : page_files(folder)) {
    const Json page = read_json(file);
    if (!page.is_array()) continue;
    for (const Json& element : page) {
      if (element.is_object() && element.contains("id")) {
        if (seen.empty()) adopt_owner(recording.account, element);
        if (!seen.insert(element.at("id").get<std::uint64_t>()).second) continue;
      }
      recording.elements.push_back(element.dump());
    }
  }
  return recording;
}

RecordedSource::RecordedSource(const fs::path& folder) {
  try {
    for (const fs::path& entry : entries(folder)) {
      if (!fs::is_directory(entry)) continue;
      Recording recording = read_recording(entry, recordings_.size());
      ordinals_.emplace(folded(recording.account.login), recordings_.size());
      recordings_.push_back(std::move(recording));
    }
  } catch (const fs::filesystem_error& error) {
    throw BadUsage(fmt::format("recordings in {}: {}", folder.string(), error.code().message()));
  } catch (const Json::exception& error) {
    throw BadUsage(fmt::format("recordings in {}: {}", folder.string(), error.what()));
  }
  if (recordings_.empty()) {
    throw BadUsage(fmt::format("recordings in {}: no folder of a login there", folder.string()));
  }
}

std::optional<Account> RecordedSource::find(const AccountKey& key) const {
  if (const Login* login = std::get_if<Login>(&key)) {
    const auto found = ordinals_.find(folded(login->text));
    if (found == ordinals_.end()) return std::nullopt;
    return recordings_[found->second].account;
  }
  if (const NumericId* id = std::get_if<NumericId>(&key)) {
    const auto has_id = [&](const Recording& recording) {
      return recording.account.id == id->value;
    };
    const auto found = std::ranges::find_if(recordings_, has_id);
    if (found == recordings_.end()) return std::nullopt;
    return found->account;
  }
  const std::uint64_t ordinal = std::get<Ordinal>(key).value;
  if (ordinal >= recordings_.size()) return std::nullopt;
  return recordings_[ordinal].account;
}

std::uint64_t RecordedSource::append(const Account& account, Range range, std::string& out) const {
  const std::vector<std::string>& elements = recordings_[account.ordinal].elements;
  if (range.first >= elements.size()) return elements.size();
  const std::uint64_t end = range.first + std::min(range.count, elements.size() - range.first);
  for (std::uint64_t i = range.first; i < end; ++i) {
    if (i != range.first) out += ',';
    out += elements[i];
  }
  return elements.size();
}

}  // namespace repopipe::simulator
