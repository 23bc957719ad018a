// From a request to the reply GitHub would give.  No sockets here: the server brings the requests.
// Threading: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/simulator/page.h"
#include "tests/simulator/page_cache.h"
#include "tests/simulator/quota.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"
#include "tests/simulator/source.h"
#include "tests/simulator/target.h"

namespace repopipe::simulator {

struct AnswerSettings {
  std::uint64_t cache_bytes = 256 << 20;
  NullElements nulls = NullElements::none;
  std::string base_url{};  // what links begin with; empty: http:// and the request's Host
};

class Answerer {
 public:
  // Keeps a reference to the source.
  Answerer(const Source& source, const AnswerSettings& settings);

  Reply answer(const Request& request, std::chrono::sys_seconds now);

  // Makes the pages of 100 of all accounts until the cache is full; the number of accounts done.
  std::uint64_t warm();

 private:
  std::shared_ptr<const Page> page(const Account& account, const PageKey& key);
  Reply page_reply(const Request& request, const Target& target, const Account& account,
                   std::chrono::sys_seconds now);
  void add_common_headers(Reply& reply, const Request& request, const std::string& etag,
                          std::chrono::sys_seconds now);
  std::string next_request_id(std::chrono::sys_seconds now);

  const Source& source_;
  AnswerSettings settings_;
  PageMaker maker_;
  PageCache cache_;
  Quota quota_;
  std::uint64_t answered_ = 0;
};

}  // namespace repopipe::simulator
