#include "pipeline/model/queue_address.h"

#include <gtest/gtest.h>

#include <ostream>

namespace repopipe {
namespace {

// All members of an address on one line.
std::string told(const QueueAddress& address) {
  return address.host + "|" + std::to_string(address.port) + "|" + address.user + "|" +
         address.password + "|" + std::to_string(address.database) + "|" + address.prefix;
}

struct Form {
  std::string text;
  std::string told;
  std::string shown;
};

std::ostream& operator<<(std::ostream& out, const Form& form) {
  return out << form.text;
}

class GoodAddress : public ::testing::TestWithParam<Form> {};

TEST_P(GoodAddress, IsReadAndShownWithoutItsPassword) {
  const ParsedQueueAddress parsed = parse_queue_address(GetParam().text);
  EXPECT_EQ(parsed.complaint, "");
  EXPECT_EQ(told(parsed.address), GetParam().told);
  EXPECT_EQ(parsed.address.shown(), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, GoodAddress,
    ::testing::Values(
        Form{"redis://localhost", "localhost|6379|||0|repopipe", "redis://localhost:6379/0"},
        Form{"redis://localhost/", "localhost|6379|||0|repopipe", "redis://localhost:6379/0"},
        Form{"redis://10.0.0.7:7000/3", "10.0.0.7|7000|||3|repopipe", "redis://10.0.0.7:7000/3"},
        Form{"redis://h:/2", "h|6379|||2|repopipe", "redis://h:6379/2"},
        Form{"redis://:geheim@h", "h|6379||geheim|0|repopipe", "redis://h:6379/0"},
        Form{"redis://mona:geheim@h/65535", "h|6379|mona|geheim|65535|repopipe",
             "redis://h:6379/65535"},
        Form{"redis://mona@h", "h|6379|mona||0|repopipe", "redis://h:6379/0"},
        Form{"redis://:a%40b%3Ac%2Fd%25@h", "h|6379||a@b:c/d%|0|repopipe", "redis://h:6379/0"},
        Form{"redis://:a@b:c@h", "h|6379||a@b:c|0|repopipe", "redis://h:6379/0"},
        Form{"redis://m%6fna:%C3%A4@h", "h|6379|mona|\xc3\xa4|0|repopipe", "redis://h:6379/0"},
        Form{"redis://[::1]", "::1|6379|||0|repopipe", "redis://[::1]:6379/0"},
        Form{"redis://:p@[fe80::1]:7000/1", "fe80::1|7000||p|1|repopipe",
             "redis://[fe80::1]:7000/1"},
        Form{"redis://h?prefix=team:a.b-c_1", "h|6379|||0|team:a.b-c_1", "redis://h:6379/0"},
        Form{"redis://h/4?prefix=x", "h|6379|||4|x", "redis://h:6379/4"}));

struct Mistake {
  std::string text;
  std::string complaint;
};

std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  return out << mistake.text;
}

class WrongAddress : public ::testing::TestWithParam<Mistake> {};

TEST_P(WrongAddress, IsRefusedWithoutItsPassword) {
  EXPECT_EQ(parse_queue_address(GetParam().text).complaint, GetParam().complaint);
}

const std::string kNone = "is not valid: expected redis://HOST:PORT/DATABASE, or env:NAME";
const std::string kNoHost = "has no host: expected redis://HOST:PORT/DATABASE";
const std::string kPort = "has a wrong port: expected a number from 1 to 65535";
const std::string kDatabase = "has a wrong database: expected a number behind the /";
const std::string kPercent = "has a % in its user or password that no two digits follow";
const std::string kQuery = "has an unknown setting behind ?: expected ?prefix=NAME";
const std::string kPrefix = "has a wrong prefix: expected letters, digits and -_.:";

INSTANTIATE_TEST_SUITE_P(
    Forms, WrongAddress,
    ::testing::Values(
        Mistake{"", kNone}, Mistake{"localhost:6379", kNone},
        Mistake{"http://:geheim@localhost", kNone}, Mistake{"REDIS://h", kNone},
        Mistake{"rediss://:geheim@h",
                "asks for TLS, which is not supported: use a tunnel, or a private network"},
        Mistake{"redis://", kNoHost}, Mistake{"redis://:6379", kNoHost},
        Mistake{"redis://:geheim@", kNoHost}, Mistake{"redis:///1", kNoHost},
        Mistake{"redis://a b", kNoHost}, Mistake{"redis://[]:1", kNoHost},
        Mistake{"redis://h:0", kPort}, Mistake{"redis://h:65536", kPort},
        Mistake{"redis://h:6379x", kPort}, Mistake{"redis://h:-1", kPort},
        Mistake{"redis://[::1]7000", kPort}, Mistake{"redis://[::1", kNoHost},
        Mistake{"redis://h/x", kDatabase}, Mistake{"redis://h/-1", kDatabase},
        Mistake{"redis://h/65536", kDatabase}, Mistake{"redis://h/1/2", kDatabase},
        Mistake{"redis://:geheim%@h", kPercent}, Mistake{"redis://:geheim%4@h", kPercent},
        Mistake{"redis://:geheim%zz@h", kPercent}, Mistake{"redis://me%+1:x@h", kPercent},
        Mistake{"redis://h?db=1", kQuery}, Mistake{"redis://h?prefix", kQuery},
        Mistake{"redis://h?prefix=", kPrefix}, Mistake{"redis://h?prefix=a/b", kPrefix},
        Mistake{"redis://h?prefix=a&db=1", kPrefix}));

}  // namespace
}  // namespace repopipe
