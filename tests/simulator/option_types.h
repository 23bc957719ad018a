// Types of option values that several options share.  Used by options.cc and rule_options.cc.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <string>
#include <utility>

namespace repopipe::simulator {

enum class Zero { allowed, refused };

// A number with its unit: us, ms, s, m or h.
void add_duration(CLI::App& app, const std::string& name, std::chrono::microseconds& value,
                  const std::string& help, Zero zero = Zero::refused);

// 0 to 100.
void add_percent(CLI::App& app, const std::string& name, double& value, const std::string& help);

// The parts before and after the first "=".  Throws CLI::ValidationError if there is none or a part
// is empty.
std::pair<std::string, std::string> split_pair(const std::string& name, const std::string& text);

}  // namespace repopipe::simulator
