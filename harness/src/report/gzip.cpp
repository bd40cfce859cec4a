#include "report/gzip.hpp"

#include <zlib.h>

#include <new>

namespace leakgate {

std::string gzip(std::string_view text) {
  constexpr int kGzipHeader = 16 + MAX_WBITS;
  constexpr int kMemoryLevel = 9;
  z_stream stream{};
  if (::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipHeader, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string packed(::deflateBound(&stream, text.size()), '\0');
  // zlib does not write to its input, and takes it as not const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int code = ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::bad_alloc();
  return packed;
}

}  // namespace leakgate
