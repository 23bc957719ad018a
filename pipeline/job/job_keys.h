// The table of the keys of the job file.  Used by bind, by messages, and to write docs/job-file.md,
// configs/job.schema.json and the texts of `explain` and `init`.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "pipeline/job/job.h"

namespace repopipe {

// The form of a key's value, and its member of Job.  Limits are inclusive, and written as in a job
// file.
struct WholeForm {
  int minimum;
  int maximum;
  int& (*field)(Job&);
  std::string_view word_for_zero = {};  // a word that is accepted for 0
};
struct DurationForm {
  std::string_view minimum;
  std::string_view maximum;
  std::chrono::milliseconds& (*field)(Job&);
  std::string_view word_for_forever = {};  // a word that is accepted for kForever
};
struct SizeForm {
  std::string_view minimum;
  std::string_view maximum;
  Bytes& (*field)(Job&);
};
struct RatioForm {
  double minimum;
  double maximum;
  double& (*field)(Job&);
};
struct ChoiceForm {
  std::span<const std::string_view> words;
  void (*choose)(Job&, std::size_t index);
};
struct TextForm {
  std::string& (*field)(Job&);
};
struct CommandForm {  // for the shell
  std::string& (*field)(Job&);
};
struct PingUrlForm {};
struct UrlForm {
  std::string& (*field)(Job&);
};
struct PathForm {  // of a file that need not exist
  std::filesystem::path& (*field)(Job&);
  std::string_view ending = {};  // that the name must have
};
struct CertificatesForm {  // of a PEM file that must exist and have at least one certificate
  std::optional<std::filesystem::path>& (*field)(Job&);
};
struct UsernamesForm {};
struct UsernamesFileForm {};
struct TokensForm {};
struct QueueForm {};
struct TransformsForm {};

using KeyForm = std::variant<WholeForm, DurationForm, SizeForm, RatioForm, ChoiceForm, TextForm,
                             UrlForm, PathForm, CertificatesForm, UsernamesForm, UsernamesFileForm,
                             CommandForm, PingUrlForm, TokensForm, QueueForm, TransformsForm>;

struct JobKey {
  std::string_view path;  // "fetch.concurrency"
  KeyForm form;
  std::string_view default_text;  // as in a job file; for `name` in words
  std::string_view meaning;       // one line
  std::string_view example = {};  // as in a job file; empty: the default, or the last word
};

// In the order of the documentation; the keys of a section are adjacent.
std::span<const JobKey> job_keys();

// Null if there is no such key.  Of static storage duration.
const JobKey* find_key(std::string_view path);
bool is_section(std::string_view path);

// The default of the key for a provider, as in a job file; empty: it has none.
std::string default_of(const JobKey& key, const Provider& provider);

// The values of the key, for messages after "expected": "a whole number from 1 to 1000".
std::string expectation(const JobKey& key);

}  // namespace repopipe
