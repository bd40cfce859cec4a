#include "compression/gzip_encoder.hpp"

#include <zlib.h>

namespace h3::compression {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // 32 KiB, with the header and trailer of gzip
constexpr int kMemoryLevel = 8;           // zlib's default

}  // namespace

GzipEncoder::GzipEncoder() : stream_(std::make_unique<z_stream>()) {}

GzipEncoder::~GzipEncoder() {
  if (isReady_) deflateEnd(stream_.get());
}

std::size_t GzipEncoder::encode(std::string_view text, std::span<char> out, int level) {
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib reads it only
  stream_->avail_in = 0;
  stream_->next_out = reinterpret_cast<Bytef*>(out.data());
  stream_->avail_out = static_cast<uInt>(out.size());
  if (!prepare(level)) return 0;
  stream_->avail_in = static_cast<uInt>(text.size());
  if (deflate(stream_.get(), Z_FINISH) != Z_STREAM_END) return 0;
  return out.size() - stream_->avail_out;
}

// A context that is reset takes another level without writing anything.
bool GzipEncoder::prepare(int level) {
  if (isReady_)
    return deflateReset(stream_.get()) == Z_OK &&
           deflateParams(stream_.get(), level, Z_DEFAULT_STRATEGY) == Z_OK;
  isReady_ = deflateInit2(stream_.get(), level, Z_DEFLATED, kGzipWindowBits, kMemoryLevel,
                          Z_DEFAULT_STRATEGY) == Z_OK;
  return isReady_;
}

}  // namespace h3::compression
