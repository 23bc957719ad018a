#include "pipeline/job/certificates.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <memory>

#include "pipeline/job/bind.h"

namespace repopipe {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

std::string complaint_about_certificates(const std::filesystem::path& path) {
  std::string complaint = complaint_about_file(path);
  if (!complaint.empty()) return complaint;
  const std::unique_ptr<BIO, Free> file(BIO_new_file(path.c_str(), "r"));
  if (!file) return "it cannot be read";
  // Like libcurl: other things, such as keys, may stand beside the certificates.
  const std::unique_ptr<X509, Free> first(
      PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (first) return {};
  return "it holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----";
}

}  // namespace repopipe
