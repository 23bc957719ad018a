// A value or a Failure: what every fallible function returns.  It cannot be ignored.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#include "pipeline/base/failure.h"

namespace repopipe {

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Failure> {
 public:
  using tl::expected<T, Failure>::expected;

  friend bool operator==(const Result& left, const Result& right) {
    if (!left || !right) return !left && !right && left.error() == right.error();
    if constexpr (std::is_void_v<T>) {
      return true;
    } else {
      return *left == *right;
    }
  }
};

// For functions that have nothing to return but may fail.
using Status = Result<void>;

inline tl::unexpected<Failure> fail(FailureKind kind, std::string message) {
  return tl::unexpected<Failure>(Failure{kind, std::move(message)});
}

inline tl::unexpected<Failure> fail(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}

}  // namespace repopipe
