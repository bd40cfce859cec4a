#include "compression/brotli_decoder.hpp"

#include <brotli/decode.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace h3::compression {
namespace {

struct DestroyDecoder {
  void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};

DecodeOutcome failureOf(const BrotliDecoderState* decoder) {
  const BrotliDecoderErrorCode error = BrotliDecoderGetErrorCode(decoder);
  const bool isMemory = error <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
                        error >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
  return isMemory ? DecodeOutcome::noMemory : DecodeOutcome::malformed;
}

}  // namespace

DecodeOutcome decodeBrotli(std::string_view coded, DecodedBody& body, BlockCache& memory) {
  const std::unique_ptr<BrotliDecoderState, DestroyDecoder> decoder(
      BrotliDecoderCreateInstance(BlockCache::allocateFrom, BlockCache::freeTo, &memory));
  if (decoder == nullptr) return DecodeOutcome::noMemory;
  std::size_t unread = coded.size();
  const auto* in = reinterpret_cast<const std::uint8_t*>(coded.data());
  for (;;) {
    const std::span<char> room = body.room();
    std::size_t left = room.size();
    auto* out = reinterpret_cast<std::uint8_t*>(room.data());
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(decoder.get(), &unread, &in, &left, &out, nullptr);
    body.commit(room.size() - left);
    if (body.isTooLarge()) return DecodeOutcome::tooLarge;
    switch (result) {
      case BROTLI_DECODER_RESULT_SUCCESS:
        return unread == 0 ? DecodeOutcome::done : DecodeOutcome::malformed;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        break;
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return DecodeOutcome::malformed;
      case BROTLI_DECODER_RESULT_ERROR:
        return failureOf(decoder.get());
    }
  }
}

}  // namespace h3::compression
