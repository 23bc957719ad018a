// A temporary folder for each test, with files and an environment.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/job/load.h"
#include "pipeline/source/subject_source.h"

namespace repopipe {

class JobTest : public testing::Test {
 protected:
  JobTest();
  ~JobTest() override;

  std::filesystem::path write(const std::string& name, std::string_view text) const;
  LoadedJob load(const std::string& name, const std::vector<std::string>& overrides = {}) const;
  // Writes the file, loads it, and returns its errors without the folder's name.
  std::vector<std::string> diagnostics_of(const std::string& name, std::string_view text,
                                          const std::vector<std::string>& overrides = {}) const;

  std::filesystem::path folder;
  std::map<std::string, std::string> variables{{"GOOD_TOKEN", "abc"}, {"EMPTY_TOKEN", ""}};
  int standard_input = -1;
};

std::vector<std::string> shown(const std::vector<Diagnostic>& diagnostics);

// Every login of the list, in order; fails the test when the list does.
std::vector<std::string> logins_of(const UserList& users);

// The value of every key, one per line, to compare whole jobs.
std::string told(Job job);

}  // namespace repopipe
