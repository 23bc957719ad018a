#include "pipeline/base/descriptor.h"

#include <unistd.h>

#include <utility>

namespace repopipe {

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  const Descriptor old(std::exchange(number_, std::exchange(other.number_, -1)));
  return *this;
}

Descriptor::~Descriptor() {
  if (is_open()) close(number_);
}

}  // namespace repopipe
