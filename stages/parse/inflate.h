// Decodes a response's body (Content-Encoding gzip or none) into memory that is used again.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "pipeline/base/failure.h"
#include "pipeline/base/units.h"
#include "pipeline/model/http.h"

struct libdeflate_decompressor;

namespace repopipe {

// Threading: one thread at a time.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // The decoded body; it lives until the next call.  `encoding` is the Content-Encoding header.
  // Fails as `transport` when the stream is cut short or corrupt (a later try may be whole), as
  // `too_large` when it would grow over `limit`, as `malformed` for an encoding nobody asked for.
  Result<PaddedText> inflate(std::string_view body, std::optional<std::string_view> encoding,
                             Bytes limit);

 private:
  Result<PaddedText> copy(std::string_view body, Bytes limit);
  // `before`: bytes of the limit that earlier members have taken.
  Result<PaddedText> gunzip_member(std::string_view body, Bytes limit, std::size_t before,
                                   std::size_t& read);
  Result<PaddedText> gunzip(std::string_view body, Bytes limit);

  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  ScratchBuffer buffer_;
};

}  // namespace repopipe
