// Decodes a body (Content-Encoding gzip or none) into a reused buffer.
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

  // The decoded body, valid until the next call.  `encoding`: the Content-Encoding header. Fails as
  // `transport` if the stream is truncated or corrupt (a retry may succeed), as `too_large` above
  // `limit`, as `malformed` for another encoding.
  Result<PaddedText> inflate(std::string_view body, std::optional<std::string_view> encoding,
                             Bytes limit);

 private:
  Result<PaddedText> copy(std::string_view body, Bytes limit);
  // `before`: decoded bytes of earlier members.
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
