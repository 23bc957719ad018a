// From a request to the reply GitHub would give.  No sockets here: the server brings the requests.
// Threading: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/simulator/fates.h"
#include "tests/simulator/page.h"
#include "tests/simulator/page_cache.h"
#include "tests/simulator/quota.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"
#include "tests/simulator/source.h"
#include "tests/simulator/target.h"
#include "tests/simulator/tokens.h"

namespace repopipe::simulator {

struct AnswerSettings {
  std::uint64_t cache_bytes = 256 << 20;
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

  Reply answer(const Request& request, Moment now);

  const Tokens& tokens() const { return tokens_; }

  // Empty when the target names no account that exists.
  std::optional<Account> account_of(std::string_view target) const;

  // Makes the pages of 100 of all accounts until the cache is full; the number of accounts done.
  std::uint64_t warm();

 private:
  std::shared_ptr<const Page> page(const Account& account, const PageKey& key);
  Reply quota_reply(const Request& request, const std::string& owner, Moment now);
  Reply content(const Request& request, Moment now);
  Reply token_owner(const Request& request, Moment now);
  Reply account_reply(const Request& request, const Target& target, const Account& account,
                      Moment now);
  Reply moved(const Request& request, const Target& target, const Account& account, Moment now);
  Reply page_reply(const Request& request, const Target& target, const Account& account,
                   Moment now);
  Account owner_of(std::string_view authorization) const;
  std::string base_url(const Request& request) const;
  // Charges the reply to its owner's quota.
  Reply with_headers(Reply reply, const Request& request, Moment now);
  void add_common_headers(Reply& reply, const Request& request, const std::string& etag,
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
