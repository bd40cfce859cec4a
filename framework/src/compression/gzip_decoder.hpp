// Whole bodies from gzip (RFC 1952), by zlib.
#pragma once

#include <memory>
#include <string_view>

#include "compression/decoded_body.hpp"

struct z_stream_s;

namespace h3::compression {

/// One context for one body after the other.
///
/// Allocates: 40 KiB with the first body. Threads: one owner. Errors: std::bad_alloc, of the body's buffer.
class GzipDecoder {
 public:
  GzipDecoder();
  ~GzipDecoder();
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  /// All members (RFC 1952 2.2), and nothing else.
  DecodeOutcome decode(std::string_view coded, DecodedBody& body);

 private:
  bool prepare();

  std::unique_ptr<z_stream_s> stream_;
  bool isReady_ = false;
};

}  // namespace h3::compression
