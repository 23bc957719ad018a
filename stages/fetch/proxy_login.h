// The login at a proxy that asks for one.  A login that is refused is not tried again and again:
// that locks accounts.  Used by both engines.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"

namespace repopipe {

// Whether the environment names a proxy for this address, and a user of it: see https_proxy in
// docs/job-file.md.  A host that no_proxy names may count too.
bool has_proxy_login(const std::string& base_url);

// HTTP 407.  It names no user and no password.
Failure proxy_login_refused();

// What one engine knows of it.  Threading: any thread.
class ProxyLogin {
 public:
  // `is_set`: see has_proxy_login.
  explicit ProxyLogin(bool is_set) : is_doubtful_(is_set) {}

  // Nobody knows yet whether it is accepted: one exchange at a time.
  bool is_doubtful() const { return is_doubtful_; }
  // A response has come through the proxy, or there is none.
  void accepted() {
    if (is_doubtful_) is_doubtful_ = false;
  }
  void refused(Time now);
  // Set: no exchange is to be tried now.
  std::optional<Failure> objection(Time now) const;

 private:
  std::atomic<bool> is_doubtful_;
  std::atomic<Time> refused_until_{Time::min()};
};

}  // namespace repopipe
