// Writes messages as MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md): a struct
// as an array of its members, a variant as [index, value], a time as its count of ticks.
#pragma once

#include <chrono>
#include <concepts>
#include <filesystem>
#include <msgpack.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/secrets.h"
#include "pipeline/model/records.h"
#include "pipeline/workers/wire/cells.h"
#include "pipeline/workers/wire/shapes.h"

namespace repopipe {

class Packer {
 public:
  explicit Packer(msgpack::sbuffer& buffer) : pack_(buffer) {}

  // A walk's end of the work; takes values that it does not change.
  template <class... Members>
  void list(Members&... members) {
    pack_.pack_array(sizeof...(Members));
    (value(members), ...);
  }

  template <std::integral T>
  void value(T number) {
    pack_.pack(number);
  }
  template <class T>
  requires std::is_enum_v<T>
  void value(T word) { pack_.pack(static_cast<int>(word)); }
  void value(std::string_view text) {
    pack_.pack_str(static_cast<std::uint32_t>(text.size()));
    pack_.pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
  }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const std::filesystem::path& path) { value(std::string_view(path.native())); }
  template <class Rep, class Period>
  void value(std::chrono::duration<Rep, Period> duration) {
    pack_.pack(static_cast<std::int64_t>(duration.count()));
  }
  template <class Clock, class Duration>
  void value(std::chrono::time_point<Clock, Duration> time) {
    value(time.time_since_epoch());
  }
  template <class T>
  void value(std::optional<T>& maybe) {
    if (maybe) {
      value(*maybe);
    } else {
      pack_.pack_nil();
    }
  }
  template <class T>
  void value(std::vector<T>& all) {
    pack_.pack_array(static_cast<std::uint32_t>(all.size()));
    for (T& each : all) value(each);
  }
  template <class... Kinds>
  void value(std::variant<Kinds...>& any) {
    pack_.pack_array(2);
    pack_.pack(any.index());
    std::visit([this](auto& it) { this->value(it); }, any);
  }
  template <class T>
  void value(Result<T>& result) {
    pack_.pack_array(2);
    pack_.pack(result.has_value());
    if (result) {
      value(*result);
    } else {
      value(result.error());
    }
  }
  void value(const RecordBatch& rows) {
    cells_.clear();
    pack_cells(rows, cells_);
    const auto size = static_cast<std::uint32_t>(cells_.size());
    pack_.pack_bin(size);
    pack_.pack_bin_body(cells_.data(), size);
  }
  void value(Failure& failure) {
    failure.message = without_secrets(failure.message);
    walk(*this, failure);
  }
  template <class T>
  requires requires(Packer& packer, T& it) { walk(packer, it); }
  void value(T& it) { walk(*this, it); }

 private:
  msgpack::packer<msgpack::sbuffer> pack_;
  msgpack::sbuffer cells_;
};

}  // namespace repopipe
