#include "tests/e2e/world.h"

#include "tests/e2e/simulator.h"

namespace repopipe::e2e {

std::vector<std::string> world(int day) {
  return {"--accounts", std::to_string(kAccounts), "--seed", "7", "--day", std::to_string(day)};
}

std::vector<std::string> small_world() {
  return {"--accounts", "120", "--seed", "3", "--small"};
}

std::vector<std::string> users_of(const std::vector<std::string>& world) {
  std::vector<std::string> users = simulated_logins(world);
  for (int i = 0; i < 10; ++i) {
    users.insert(users.begin() + i * 11, "nobody-" + std::to_string(i));
  }
  return users;
}

std::vector<std::string> operator+(std::vector<std::string> options,
                                   const std::vector<std::string>& more) {
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

}  // namespace repopipe::e2e
