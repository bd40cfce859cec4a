#include "compression/brotli_encoder.hpp"

#include <brotli/encode.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>

namespace h3::compression {
namespace {

constexpr unsigned kMaxWindowBits = 18;  // 256 KiB: what a larger one saves is little, what it takes is not

struct DestroyEncoder {
  void operator()(BrotliEncoderState* state) const { BrotliEncoderDestroyInstance(state); }
};

unsigned windowBitsFor(std::size_t bytes) {
  const auto needed = static_cast<unsigned>(std::bit_width(bytes));
  return std::clamp<unsigned>(needed, BROTLI_MIN_WINDOW_BITS, kMaxWindowBits);
}

}  // namespace

std::size_t encodeBrotli(std::string_view text, std::span<char> out, int quality, BlockCache& memory) {
  const std::unique_ptr<BrotliEncoderState, DestroyEncoder> encoder(
      BrotliEncoderCreateInstance(BlockCache::allocateFrom, BlockCache::freeTo, &memory));
  if (encoder == nullptr) return 0;
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_QUALITY, static_cast<std::uint32_t>(quality));
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_LGWIN, windowBitsFor(text.size()));
  BrotliEncoderSetParameter(encoder.get(), BROTLI_PARAM_SIZE_HINT, static_cast<std::uint32_t>(text.size()));
  std::size_t unread = text.size();
  const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t left = out.size();
  auto* at = reinterpret_cast<std::uint8_t*>(out.data());
  const bool works = BrotliEncoderCompressStream(encoder.get(), BROTLI_OPERATION_FINISH, &unread, &in, &left,
                                                 &at, nullptr) == BROTLI_TRUE;
  return works && BrotliEncoderIsFinished(encoder.get()) == BROTLI_TRUE ? out.size() - left : 0;
}

}  // namespace h3::compression
