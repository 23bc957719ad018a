#include "pipeline/writer.h"

#include <utility>

namespace repopipe {

Writer::Writer(Store& store, const Clock& clock)
    : store_(store), clock_(clock), thread_([this] { work(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::submit(Listing listing, Done done) {
  const std::lock_guard lock(mutex_);
  listings_.push_back(std::move(listing));
  dones_.push_back(std::move(done));
  wake_.notify_one();
}

void Writer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !listings_.empty(); });
    if (listings_.empty()) return;
    auto listings = std::exchange(listings_, {});
    const auto dones = std::exchange(dones_, {});
    lock.unlock();
    write(std::move(listings), dones);
    lock.lock();
  }
}

void Writer::write(std::vector<Listing> listings, const std::vector<Done>& dones) {
  const Time begin = clock_.now();
  const auto stored = store_.write(listings);
  const Duration busy = (clock_.now() - begin) / static_cast<Duration::rep>(listings.size());
  for (std::size_t i = 0; i < listings.size(); ++i) {
    Kept kept{.login = std::move(listings[i].login), .result = {}, .busy = busy};
    if (stored) {
      kept.result = (*stored)[i];
    } else {
      kept.result = fail(stored.error());
    }
    dones[i](std::move(kept));
  }
}

}  // namespace repopipe
