#include "tests/testing/h2_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace repopipe::testing {
namespace {

// RFC 9113: the types of frames, flags and error codes that are spoken here.
constexpr char kData = 0;
constexpr char kHeaders = 1;
constexpr char kReset = 3;
constexpr char kSettings = 4;
constexpr char kPing = 6;
constexpr char kGoaway = 7;
constexpr char kAck = 1;
constexpr char kEndStream = 1;
constexpr char kEndHeaders = 4;
constexpr std::string_view kCalm("\0\0\0\x0b", 4);
constexpr std::string_view kStatus200 = "\x88";  // RFC 7541, appendix A
constexpr std::size_t kPrefaceLength = 24;
constexpr std::size_t kFrameHead = 9;

void demand(bool good) {
  if (!good) throw std::runtime_error("no HTTP/2 server");
}

using Subject = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

Certificate make_certificate(EVP_PKEY* key) {
  Certificate made(X509_new(), &X509_free);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -86'400);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 86'400);
  X509_set_pubkey(made.get(), key);
  X509_NAME* const name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  X509_EXTENSION* const address =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(made.get(), address, -1);
  X509_EXTENSION_free(address);
  demand(X509_sign(made.get(), key, EVP_sha256()) > 0);
  return made;
}

std::filesystem::path write_pem(X509* certificate) {
  std::string path = std::filesystem::temp_directory_path() / "repopipe-ca-XXXXXX";
  const int file = mkstemp(path.data());
  demand(file >= 0);
  std::FILE* const stream = fdopen(file, "w");
  PEM_write_X509(stream, certificate);
  std::fclose(stream);
  return path;
}

int choose_h2(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char*,
              unsigned int, void*) {
  *chosen = reinterpret_cast<const unsigned char*>("h2");
  *length = 2;
  return SSL_TLSEXT_ERR_OK;
}

bool send(SSL* connection, char type, char flags, std::string_view stream,
          std::string_view payload) {
  std::string frame{0, 0, static_cast<char>(payload.size()), type, flags};
  frame.append(stream).append(payload);
  return SSL_write(connection, frame.data(), static_cast<int>(frame.size())) > 0;
}

bool receive(SSL* connection, std::string& bytes, std::size_t length) {
  bytes.resize(length);
  std::size_t there = 0;
  while (there < length) {
    const int got = SSL_read(connection, bytes.data() + there, static_cast<int>(length - there));
    if (got <= 0) return false;
    there += static_cast<std::size_t>(got);
  }
  return true;
}

constexpr std::string_view kConnection("\0\0\0\0", 4);  // stream 0

// False: the connection ends.
bool act(SSL* connection, H2Act what, std::string_view stream) {
  switch (what) {
    case H2Act::answer:
      return send(connection, kHeaders, kEndHeaders, stream, kStatus200) &&
             send(connection, kData, kEndStream, stream, "[]");
    case H2Act::keep_quiet:
      return true;
    case H2Act::calm:
      return send(connection, kReset, 0, stream, kCalm);
    case H2Act::go_away:
      send(connection, kGoaway, 0, kConnection, std::string(stream) + std::string(kCalm));
      return false;
  }
  return false;
}

}  // namespace

H2Server::H2Server(Choose choose)
    : choose_(std::move(choose)), context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  const Subject key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const Certificate certificate = make_certificate(key.get());
  SSL_CTX_use_PrivateKey(context_.get(), key.get());
  SSL_CTX_use_certificate(context_.get(), certificate.get());
  SSL_CTX_set_alpn_select_cb(context_.get(), &choose_h2, nullptr);
  ca_file_ = write_pem(certificate.get());
  server_.emplace([this](int socket, int number) { serve(socket, number); });
}

H2Server::~H2Server() {
  std::error_code ignored;
  std::filesystem::remove(ca_file_, ignored);
}

std::string H2Server::base_url() const {
  return "https://127.0.0.1:" + std::to_string(server_->port());
}

void H2Server::serve(int socket, int number) {
  const int yes = 1;  // small frames go out at once
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context_.get()), &SSL_free);
  SSL_set_fd(connection.get(), socket);
  std::string preface;
  int requests = 0;
  if (SSL_accept(connection.get()) > 0 && receive(connection.get(), preface, kPrefaceLength) &&
      send(connection.get(), kSettings, 0, kConnection, "")) {
    while (take_frame(connection.get(), number, requests)) {
    }
  }
  SSL_shutdown(connection.get());
}

// False: the connection has ended, or is to.
bool H2Server::take_frame(SSL* connection, int number, int& requests) {
  std::string head;
  std::string payload;
  if (!receive(connection, head, kFrameHead)) return false;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head[at]); };
  const std::size_t length = (byte(0) << 16U) + (byte(1) << 8U) + byte(2);
  if (!receive(connection, payload, length)) return false;
  const bool is_ack = (head[4] & kAck) != 0;
  if (head[3] == kSettings && !is_ack) return send(connection, kSettings, kAck, kConnection, "");
  if (head[3] == kPing && !is_ack) return send(connection, kPing, kAck, kConnection, payload);
  if (head[3] != kHeaders) return true;
  return act(connection, choose_(number, ++requests), head.substr(5));
}

}  // namespace repopipe::testing
