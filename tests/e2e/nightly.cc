#include "tests/e2e/nightly.h"

#include <gtest/gtest.h>

#include "tests/e2e/rows.h"

namespace repopipe::e2e {

Nightly::Nightly(std::string base_url, const std::vector<std::string>& users) {
  ask(base_url);
  list(users);
}

void Nightly::ask(const std::string& base_url) {
  folder_->write("nightly.yaml",
                 "source: {usernames_file: users.txt}\n"
                 "provider: {base_url: '" +
                     base_url +
                     "'}\n"
                     "fetch: {backoff: 0ms, concurrency: 8}\n"
                     "limits: {concurrent: 0, requests_per_minute: 0,\n"
                     "         response_seconds_per_minute: 0}\n"
                     "run: {connect_wait: 300ms}\n");
}

void Nightly::list(const std::vector<std::string>& users) const {
  std::string text;
  for (const std::string& user : users) text += user + "\n";
  folder_->write("users.txt", text);
}

Program Nightly::program(std::vector<std::string> arguments) const {
  Program program{.arguments = {repopipe_binary(), "run", job().string()}};
  for (std::string& argument : arguments) program.arguments.push_back(std::move(argument));
  program.folder = folder_->path();
  return program;
}

Program Nightly::compare(std::vector<std::string> arguments) const {
  Program program = this->program(std::move(arguments));
  program.arguments[1] = "compare";
  return program;
}

Ended Nightly::run(std::vector<std::string> arguments) const {
  return e2e::run(program(std::move(arguments)));
}

std::vector<std::string> facts_after(const std::string& base_url,
                                     const std::vector<std::string>& users) {
  const Nightly nightly(base_url, users);
  const Ended ended = nightly.run();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return dump(nightly.database(), Part::facts);
}

}  // namespace repopipe::e2e
