// An API that answers some requests and holds the others, so that a test knows the state of a run.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "tests/testing/http_server.h"

namespace repopipe::e2e {

// Every login exists and has one repository.  Threading: any.
class GatedApi {
 public:
  // Answers the first `free` requests at once.
  explicit GatedApi(int free);
  ~GatedApi();
  GatedApi(const GatedApi&) = delete;
  GatedApi& operator=(const GatedApi&) = delete;

  std::string base_url() const { return server_.base_url(); }
  // Until that many requests wait for their answer.
  void wait_until_held(int count);
  // Answers the requests that wait now; later ones wait again.
  void release();
  // Answers everything from now on.
  void open();
  // Keeps everything waiting from now on.
  void hold();
  // The most requests that waited at a time.
  int most_held() const;
  // The number of requests for each login.
  std::map<std::string, int> asked() const;

 private:
  std::string answer(const std::string& head);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int free_;  // guarded by mutex_
  int held_ = 0;
  int most_held_ = 0;
  int generation_ = 0;  // of releases
  bool is_open_ = false;
  repopipe::testing::HttpServer server_;  // last
};

// One page with one repository of this account, as GitHub would send it, but shorter.
std::string short_page(const std::string& login);

}  // namespace repopipe::e2e
