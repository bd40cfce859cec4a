#include "compression/gzip_decoder.hpp"

#include <zlib.h>

#include <span>

namespace h3::compression {
namespace {

constexpr int kWindowBitsWithGzipHead = 15 + 16;

}  // namespace

GzipDecoder::GzipDecoder() : stream_(std::make_unique<z_stream>()) {}

GzipDecoder::~GzipDecoder() {
  if (isReady_) inflateEnd(stream_.get());
}

DecodeOutcome GzipDecoder::decode(std::string_view coded, DecodedBody& body) {
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(coded.data()));  // zlib reads it only
  stream_->avail_in = static_cast<uInt>(coded.size());
  if (!prepare()) return DecodeOutcome::noMemory;
  for (;;) {
    const std::span<char> room = body.room();
    stream_->next_out = reinterpret_cast<Bytef*>(room.data());
    stream_->avail_out = static_cast<uInt>(room.size());
    const int result = inflate(stream_.get(), Z_NO_FLUSH);
    body.commit(room.size() - stream_->avail_out);
    if (body.isTooLarge()) return DecodeOutcome::tooLarge;
    if (result == Z_MEM_ERROR) return DecodeOutcome::noMemory;
    if (result == Z_STREAM_END) {
      if (stream_->avail_in == 0) return DecodeOutcome::done;
      if (!prepare()) return DecodeOutcome::noMemory;
      continue;  // with the next member
    }
    const bool isFull = stream_->avail_out == 0;
    if (!isFull || (result != Z_OK && result != Z_BUF_ERROR)) return DecodeOutcome::malformed;
  }
}

bool GzipDecoder::prepare() {
  if (isReady_) return inflateReset(stream_.get()) == Z_OK;
  isReady_ = inflateInit2(stream_.get(), kWindowBitsWithGzipHead) == Z_OK;
  return isReady_;
}

}  // namespace h3::compression
