#include "pipeline/job/bind.h"
#include "tests/pipeline/job/job_fixture.h"
#include "tests/testing/certificate.h"

namespace repopipe {
namespace {

class Certificates : public JobTest {
 protected:
  std::string complaint_about(std::string_view text) const {
    return complaint_about_certificates(write("file.pem", text));
  }
};

TEST_F(Certificates, OneIsEnoughAmongOtherData) {
  const std::string one(kCertificate);
  EXPECT_EQ(complaint_about(one), "");
  EXPECT_EQ(complaint_about("# the company\n\n" + one + one + "\nand more\n"), "");
}

TEST_F(Certificates, AFileWithoutOneIsRefused) {
  const std::string one(kCertificate);
  const std::string none =
      "it holds no certificate: expected PEM, which begins with -----BEGIN CERTIFICATE-----";
  for (const std::string& text :
       {std::string("no certificate\n"), std::string("-----BEGIN CERTIFICATE-----\n"),
        one.substr(0, one.size() / 2), "-----BEGIN EC PRIVATE KEY-----" + one.substr(27)}) {
    EXPECT_EQ(complaint_about(text), none) << text;
  }
  EXPECT_EQ(complaint_about(""), "the file is empty");
  EXPECT_EQ(complaint_about_certificates(folder / "missing"), "there is no such file");
}

TEST_F(Certificates, ProviderCaFileNeedsOne) {
  write("words.pem", "no certificate\n");
  EXPECT_THAT(
      diagnostics_of("job.yaml", "source: {usernames: [a]}\nprovider: {ca_file: words.pem}\n"),
      testing::ElementsAre(testing::HasSubstr(
          "job.yaml:2:21: provider.ca_file is \"words.pem\": it holds no certificate")));
}

}  // namespace
}  // namespace repopipe
