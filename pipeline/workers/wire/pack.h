// Packer and unpacker for MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md): a
// struct is an array of its members, a variant is [index, value], a time is its count of ticks.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <filesystem>
#include <msgpack.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "pipeline/base/failure.h"
#include "pipeline/base/secrets.h"
#include "pipeline/model/records.h"
#include "pipeline/workers/wire/messages.h"

namespace repopipe {
// Whether it is the form of a text list in a cell: a JSON array of strings without white space (RFC
// 8259), as parse writes it.  The store reads it as JSON, so a message must not contain anything
// else.
bool is_text_list(std::string_view text);

// The rows of a page in a message: one MessagePack array of all cells, row by row, inside a binary
// value, so that they are read directly into a batch.

void pack_cells(const RecordBatch& rows, msgpack::sbuffer& cells);

// Throws msgpack::type_error unless the cells are complete, valid rows of `fields`.
RecordBatch unpack_cells(std::string_view cells, Fields fields);

class Packer {
 public:
  explicit Packer(msgpack::sbuffer& buffer) : pack_(buffer) {}

  // The packer's visitor: takes the members as constants.
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

// Reads what the packer writes.  Every type, count and range is checked; an invalid value throws
// msgpack::type_error, which codec.cc turns into a Failure.

class Unpacker {
 public:
  // `fields` are those of the records; without them records are not decoded, and batches are empty.
  // `object` outlives the unpacker.
  Unpacker(const msgpack::object& object, std::optional<Fields> fields)
      : object_(object), fields_(fields) {}

  template <class... Members>
  void list(Members&... members) {
    [[maybe_unused]] const msgpack::object* next = array(object_, sizeof...(Members));
    (inner(*next++).value(members), ...);
  }

  template <std::integral T>
  void value(T& number) {
    object_.convert(number);
  }
  template <class T>
  requires std::is_enum_v<T>
  void value(T& word) {
    int number = 0;
    object_.convert(number);
    check(number >= 0 && number <= static_cast<int>(last_of(T{})));
    word = static_cast<T>(number);
  }
  void value(std::string& text) { text = this->text(); }
  void value(std::filesystem::path& path) { path = std::string(text()); }
  template <class Rep, class Period>
  void value(std::chrono::duration<Rep, Period>& duration) {
    using Read = std::chrono::duration<Rep, Period>;
    constexpr auto kMost = std::chrono::duration_cast<Read>(kLongest);
    std::int64_t count = 0;
    object_.convert(count);
    duration = std::clamp(Read(count), -kMost, kMost);
  }
  template <class Clock, class Duration>
  void value(std::chrono::time_point<Clock, Duration>& time) {
    Duration since{};
    value(since);
    time = std::chrono::time_point<Clock, Duration>(since);
  }
  template <class T>
  void value(std::optional<T>& maybe) {
    if (object_.is_nil()) return maybe.reset();
    value(maybe.emplace());
  }
  template <class T>
  void value(std::vector<T>& all) {
    check(object_.type == msgpack::type::ARRAY);
    all.clear();  // without reserve: elements may be much larger than their encoding
    for (std::size_t i = 0; i < object_.via.array.size; ++i) {
      inner(object_.via.array.ptr[i]).value(all.emplace_back());
    }
  }
  template <class... Kinds>
  void value(std::variant<Kinds...>& any) {
    const msgpack::object* pair = array(object_, 2);
    std::size_t index = 0;
    pair[0].convert(index);
    check(index < sizeof...(Kinds));
    choose(any, index, pair[1], std::index_sequence_for<Kinds...>{});
  }
  template <class T>
  void value(Result<T>& result) {
    const msgpack::object* pair = array(object_, 2);
    bool is_good = false;
    pair[0].convert(is_good);
    if (is_good) {
      T good{};
      inner(pair[1]).value(good);
      result = std::move(good);
    } else {
      Failure failure;
      inner(pair[1]).value(failure);
      result = fail(std::move(failure));
    }
  }
  void value(RecordBatch& rows) {
    check(object_.type == msgpack::type::BIN);
    if (fields_) rows = unpack_cells({object_.via.bin.ptr, object_.via.bin.size}, *fields_);
  }
  template <class T>
  requires requires(Unpacker& unpacker, T& it) { walk(unpacker, it); }
  void value(T& it) { walk(*this, it); }

 private:
  // Longer durations are clipped, so that sums cannot overflow.
  static constexpr std::chrono::hours kLongest{24 * 365 * 1000};

  static void check(bool fits) {
    if (!fits) throw msgpack::type_error();
  }
  static const msgpack::object* array(const msgpack::object& object, std::size_t size) {
    check(object.type == msgpack::type::ARRAY && object.via.array.size == size);
    return object.via.array.ptr;
  }
  Unpacker inner(const msgpack::object& object) const { return {object, fields_}; }
  std::string_view text() const {
    check(object_.type == msgpack::type::STR);
    return {object_.via.str.ptr, object_.via.str.size};
  }
  template <class Variant, std::size_t... index>
  void choose(Variant& any, std::size_t chosen, const msgpack::object& object,
              std::index_sequence<index...>) {
    const auto take = [&]<std::size_t i>() { inner(object).value(any.template emplace<i>()); };
    ((index == chosen ? take.template operator()<index>() : void()), ...);
  }

  const msgpack::object& object_;
  std::optional<Fields> fields_;
};

}  // namespace repopipe
