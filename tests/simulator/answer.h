// From a request to the response GitHub would give.  No sockets here: the server brings the
// requests. Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/simulator/fates.h"
#include "tests/simulator/gitea.h"
#include "tests/simulator/made_up_source.h"
#include "tests/simulator/page.h"
#include "tests/simulator/page_cache.h"
#include "tests/simulator/quota.h"
#include "tests/simulator/request.h"
#include "tests/simulator/response.h"
#include "tests/simulator/source.h"
#include "tests/simulator/target.h"
#include "tests/simulator/tokens.h"

namespace repopipe::simulator {

struct AnswerSettings {
  std::uint64_t cache_bytes = 256 << 20;
  Form form = Form::github;  // whose API it is
  HiddenRecords hidden = HiddenRecords::none;
  NullElements nulls = NullElements::none;
  std::string base_url{};     // what links begin with; empty: http:// and the request's Host
  std::string redirect_to{};  // where every listing is sent instead; empty: nowhere
  std::uint64_t seed = 1;     // what fates follow from
  FateRates fates{};
  QuotaSettings quota{};
  TokenSettings tokens{};
};

class Answerer {
 public:
  // Keeps a reference to the source.
  Answerer(const Source& source, const AnswerSettings& settings);

  Response answer(const Request& request, Moment now);

  const Tokens& tokens() const { return tokens_; }

  // Empty when the target names no account that exists.
  std::optional<Account> account_of(std::string_view target) const;

  // Makes the pages of 100 of all accounts until the cache is full; the number of accounts done.
  std::uint64_t warm();

 private:
  std::shared_ptr<const Page> page(const Account& account, const PageKey& key);
  Response quota_response(const Request& request, const std::string& owner, Moment now);
  Response content(const Request& request, Moment now);
  Response token_owner(const Request& request, Moment now);
  Response account_response(const Request& request, const Target& target, const Account& account,
                            Moment now);
  Response moved(const Request& request, const Target& target, const Account& account, Moment now);
  Response page_response(const Request& request, const Target& target, const Account& account,
                         Moment now);
  Account owner_of(std::string_view authorization) const;
  std::string base_url(const Request& request) const;
  // Charges the response to its owner's quota.
  Response with_headers(Response response, const Request& request, Moment now);
  void add_common_headers(Response& response, const Request& request, const std::string& etag,
                          const QuotaFigures& figures, Moment now);
  std::string next_request_id(Moment now);

  const Source& source_;
  AnswerSettings settings_;
  PageMaker maker_;
  PageCache cache_;
  Quota quota_;
  Tokens tokens_;
  Fates fates_;
  std::uint64_t answered_ = 0;
};

}  // namespace repopipe::simulator
