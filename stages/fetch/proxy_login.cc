#include "stages/fetch/proxy_login.h"

#include <array>
#include <cstdlib>
#include <string_view>

namespace repopipe {
namespace {

// A worker of a queue lives on, and somebody may put the account in order.
constexpr Duration kBetweenLogins = std::chrono::minutes(10);

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

// The first one that is set counts, as in curl.
bool has_proxy_login(const std::string& base_url) {
  const bool is_tls = base_url.starts_with("https:");
  const std::array names =
      is_tls ? std::array{"https_proxy", "HTTPS_PROXY"} : std::array{"http_proxy", "http_proxy"};
  for (const char* name : {names[0], names[1], "all_proxy", "ALL_PROXY"}) {
    const std::string_view proxy = variable(name);
    if (!proxy.empty()) return proxy.find('@') != std::string_view::npos;
  }
  return false;
}

Failure proxy_login_refused() {
  return {FailureKind::proxy_login,
          "the proxy refuses the login (HTTP 407): check the user and the password in https_proxy, "
          "http_proxy or all_proxy"};
}

void ProxyLogin::refused(Time now) {
  is_doubtful_ = true;
  refused_until_ = now + kBetweenLogins;
}

std::optional<Failure> ProxyLogin::objection(Time now) const {
  if (now >= refused_until_.load()) return std::nullopt;
  return proxy_login_refused();
}

}  // namespace repopipe
