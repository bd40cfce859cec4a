// Whole bodies to gzip (RFC 1952), by zlib.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

struct z_stream_s;

namespace h3::compression {

/// One context for one body after the other.
///
/// Allocates: 260 KiB with the first body. Threads: one owner.
class GzipEncoder {
 public:
  GzipEncoder();
  ~GzipEncoder();
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  /// Returns the bytes written, 0 when `out` is too small, or memory is short. `level`: 1 to 9. `text`: less than 4 GiB.
  std::size_t encode(std::string_view text, std::span<char> out, int level);

 private:
  bool prepare(int level);

  std::unique_ptr<z_stream_s> stream_;
  bool isReady_ = false;
};

}  // namespace h3::compression
