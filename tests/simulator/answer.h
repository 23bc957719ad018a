// Computes GitHub's response to a request.  No sockets; used by the server. Threading: one thread
// at a time.
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
  Form form = Form::github;  // which API
  HiddenRecords hidden = HiddenRecords::none;
  NullElements nulls = NullElements::none;
  std::string base_url{};     // prefix of links; empty: http:// and the request's Host
  std::string redirect_to{};  // redirect target of every listing; empty: none
  std::uint64_t seed = 1;     // for the fates of accounts
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

  // Empty: the target names no existing account.
  std::optional<Account> account_of(std::string_view target) const;

  // Builds pages of 100 of all accounts until the cache is full; returns the number of accounts
  // done.
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
  // Counts the request against its owner's quota.
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
