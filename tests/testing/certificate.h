// The certificate of a test authority that has signed nothing.
#pragma once

#include <string_view>

namespace repopipe {

inline constexpr std::string_view kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUSx0+1JmLngLnXFBYjiMVNsSBYN8wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjgwMjQxNTJaGA8yMTI2MTEwNDAyNDE1
MlowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJDu
O+Hps6ealypbet4jMyj3hxXFR9JNFRwFbc4qKT7TYneg6WbXNRh1WZlpb6L1lz7W
GiyxVtFYSqUCNr4cRqmjUzBRMB0GA1UdDgQWBBSTzsOC+R5cdSk0ro7Ba61dewFa
QDAfBgNVHSMEGDAWgBSTzsOC+R5cdSk0ro7Ba61dewFaQDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIH8TbumqZuYkaOSEDBJ9gPPFHmIRqPHw8K4y
Yz8BnFn8AiEA3MghsTYvcfEAaZ8YLf9FxAdF/pACpJaY61oEhr9sY3o=
-----END CERTIFICATE-----
)";

}  // namespace repopipe
