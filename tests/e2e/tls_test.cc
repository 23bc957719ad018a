// HTTP/2 over TLS, against a server that is not ours: nghttpd, with a certificate made here.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "tests/e2e/gated_api.h"
#include "tests/e2e/nightly.h"
#include "tests/e2e/rows.h"
#include "tests/testing/certificate.h"

namespace repopipe::e2e {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kNghttpd = "/usr/sbin/nghttpd";
constexpr const char* kOpenssl = "/usr/bin/openssl";

// Free a moment ago.
int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(probe, generic, length), 0);
  EXPECT_EQ(getsockname(probe, generic, &length), 0);
  close(probe);
  return ntohs(address.sin_port);
}

bool accepts(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool good = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(probe);
  return good;
}

// Serves `users/LOGIN/repos` out of a folder.
class TlsServer {
 public:
  explicit TlsServer(const TempFolder& folder) {
    const Ended made =
        run({.arguments = {kOpenssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                           folder / "key.pem", "-out", folder / "ca.pem", "-days", "2", "-subj",
                           "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"}});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    for (int attempt = 0; attempt < 10 && !server_; ++attempt) start(folder);
  }

  std::string base_url() const { return "https://127.0.0.1:" + std::to_string(port_); }

 private:
  // Another program may take the port first: then it ends, and another port is tried.
  void start(const TempFolder& folder) {
    port_ = free_port();
    server_ = std::make_unique<Process>(
        Program{.arguments = {kNghttpd, "--address=127.0.0.1", "--htdocs", folder / "www",
                              std::to_string(port_), folder / "key.pem", folder / "ca.pem"}});
    while (!accepts(port_)) {
      if (!server_->ends_within(5ms)) continue;
      server_.reset();
      return;
    }
  }

  int port_ = 0;
  std::unique_ptr<Process> server_;
};

struct Tls : ::testing::Test {
  void SetUp() override {
    if (access(kNghttpd, X_OK) != 0) GTEST_SKIP() << "nghttpd (nghttp2-server) is not installed";
    if (access(kOpenssl, X_OK) != 0) GTEST_SKIP() << "openssl is not installed";
    nightly.folder().write("www/users/octocat/repos", short_page("octocat"));
    nightly.folder().write("www/users/torvalds/repos", short_page("torvalds"));
    server = std::make_unique<TlsServer>(nightly.folder());
    nightly.ask(server->base_url());
  }

  Nightly nightly{"https://127.0.0.1", {"octocat", "torvalds"}};
  std::unique_ptr<TlsServer> server;
};

TEST_F(Tls, SpeaksHttp2ToAServerItTrusts) {
  for (const char* engine : {"event_loop", "threads"}) {
    const std::string database = std::string(engine) + ".db";
    const Ended ended =
        nightly.run({"--set", "provider.ca_file=ca.pem", "--set",
                     std::string("fetch.engine=") + engine, "--set", "store.database=" + database});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto path = nightly.folder() / database;
    EXPECT_EQ(query(path, "SELECT login, outcome, repos FROM run_users ORDER BY 1"),
              (Rows{{"octocat", "ok", "1"}, {"torvalds", "ok", "1"}}));
    EXPECT_EQ(query(path, "SELECT DISTINCT http_version, max(tls_ms) > 0 FROM requests"),
              (Rows{{"2", "1"}}));
  }
}

TEST_F(Tls, DoesNotTrustAStranger) {
  const Ended ended = nightly.run({"--set", "fetch.attempts=2"});
  EXPECT_EQ(ended.exit_code, 69);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("certificate"), HasSubstr("provider.ca_file names")));
}

// As in curl(1), but the job's file has priority.
TEST_F(Tls, TrustsWhatTheUsualVariablesName) {
  nightly.folder().write("other.pem", std::string(kCertificate));
  const auto code = [&](std::map<std::string, std::string> files, const std::string& ca_file) {
    Program program = nightly.program({"--set", "fetch.attempts=1"});
    for (const auto& [name, file] : files) program.environment[name] = nightly.folder() / file;
    if (!ca_file.empty()) {
      program.arguments.insert(program.arguments.end(), {"--set", "provider.ca_file=" + ca_file});
    }
    return run(program).exit_code;
  };
  EXPECT_EQ(code({{"SSL_CERT_FILE", "ca.pem"}}, ""), 0);
  EXPECT_EQ(code({{"CURL_CA_BUNDLE", "ca.pem"}}, ""), 0);
  EXPECT_EQ(code({{"CURL_CA_BUNDLE", "ca.pem"}, {"SSL_CERT_FILE", "other.pem"}}, ""), 0);
  EXPECT_EQ(code({{"CURL_CA_BUNDLE", "other.pem"}, {"SSL_CERT_FILE", "ca.pem"}}, ""), 69);
  EXPECT_EQ(code({{"CURL_CA_BUNDLE", "other.pem"}}, "ca.pem"), 0);
}

}  // namespace
}  // namespace repopipe::e2e
