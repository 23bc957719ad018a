// Texts about the keys of a job file, from their table: for `explain`, `init` and the schema.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/job/job_keys.h"

namespace repopipe {

// Meaning and values in one or two sentences.
std::string description_of(const JobKey& key);

// Whether `default_text` is a value; the default of `name` is described in words.
bool has_fixed_default(const JobKey& key);

// "100; 50 for gitea": the default of the first provider, and those of others that differ.
std::string defaults_of(const JobKey& key);

// A value of the key, as in a job file.
std::string example_of(const JobKey& key);

// In one line, as a part of a job file: "fetch: {concurrency: 8}".
std::string example_line(const JobKey& key);

// The value of a job file in one line of JSON.  `text` is valid YAML.
std::string value_as_json(std::string_view text);

// Meaning, values, default and an example of a key.
std::string explain_key(const JobKey& key);

// The keys with their meanings, of all sections or of one.
std::string explain_keys(std::string_view section);

// Whether `name` is the path of the key or its section; an empty one is every key.
bool is_named(const JobKey& key, std::string_view name);

}  // namespace repopipe
