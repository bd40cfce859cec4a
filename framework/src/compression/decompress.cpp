#include "h3http/decompress.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "app/body_decoder.hpp"
#include "app/event_state.hpp"
#include "compression/block_cache.hpp"
#include "compression/brotli_decoder.hpp"
#include "compression/gzip_decoder.hpp"
#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

using compression::DecodedBody;
using compression::DecodeOutcome;

constexpr std::size_t kMaxDecodedBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kMaxDecodedRatio = 2000;           // gzip reaches 1032
constexpr std::size_t kTrustedDecodedBytes = 64 * 1024;  // whatever the ratio
constexpr std::size_t kExpectedRatio = 4;                // the buffer to begin with

enum class BodyCoding : std::uint8_t { gzip, brotli };

// A body is decoded within one call, so a worker needs one of each.
struct Decoders {
  compression::GzipDecoder gzip;
  compression::BlockCache brotliMemory;
};

Decoders& threadDecoders() {
  thread_local Decoders decoders;
  return decoders;
}

std::optional<BodyCoding> parseCoding(std::string_view name) {
  if (equalsIgnoringCase(name, "gzip") || equalsIgnoringCase(name, "x-gzip")) return BodyCoding::gzip;
  if (equalsIgnoringCase(name, "br")) return BodyCoding::brotli;
  return std::nullopt;
}

// Nothing for one that is not known, and for several.
std::optional<BodyCoding> codingOfBody(const Event& event) {
  std::optional<BodyCoding> coding;
  std::size_t count = 0;
  for (const std::string_view field : event.headers("Content-Encoding")) {
    protocol::forEachListElement(field, [&](std::string_view name) {
      if (equalsIgnoringCase(name, "identity")) return;
      ++count;
      coding = parseCoding(name);
    });
  }
  return count == 1 ? coding : std::nullopt;
}

int statusOf(DecodeOutcome outcome) {
  switch (outcome) {
    case DecodeOutcome::done:
      return 0;
    case DecodeOutcome::tooLarge:
      return 413;
    case DecodeOutcome::malformed:
      return 400;
    case DecodeOutcome::noMemory:
      break;
  }
  throw std::bad_alloc();
}

class Decompressor final : public BodyDecoder {
 public:
  explicit Decompressor(const DecompressOptions& options) : options_(options) {
    const auto refuse = [](const std::string& problem) {
      throw std::invalid_argument("decompress: " + problem);
    };
    if (options.maxBytes > kMaxDecodedBytes)
      refuse("maxBytes " + std::to_string(options.maxBytes) + ", expected at most 16777216");
    if (options.maxRatio < 1 || options.maxRatio > kMaxDecodedRatio)
      refuse("maxRatio " + std::to_string(options.maxRatio) + ", expected 1 to 2000");
  }

  std::string_view codings() const override { return "br, gzip"; }
  bool accepts(const Event& event) const override { return codingOfBody(event).has_value(); }

  int decode(Event& event, std::uint64_t maxBytes) const override {
    EventState& state = EventState::of(event);
    const std::optional<BodyCoding> coding = codingOfBody(event);
    if (!coding) return 415;
    const std::size_t coded = state.body.size();
    const std::size_t byRatio = std::max(kTrustedDecodedBytes, coded * options_.maxRatio);
    const auto limit =
        static_cast<std::size_t>(std::min<std::uint64_t>({maxBytes, options_.maxBytes, byRatio}));
    DecodedBody body(state.services.memory.buffers(), limit, coded * kExpectedRatio);
    Decoders& decoders = threadDecoders();
    const DecodeOutcome outcome = *coding == BodyCoding::gzip
                                      ? decoders.gzip.decode(state.body, body)
                                      : decodeBrotli(state.body, body, decoders.brotliMemory);
    if (outcome != DecodeOutcome::done) return statusOf(outcome);
    body.putBehind({state.body.data() + coded, state.head.trailerBytes});  // where getTrailer() reads them
    const std::size_t bytes = body.bytes();
    state.replaceRequestBody(body.take(), bytes);
    return 0;
  }

 private:
  DecompressOptions options_;
};

}  // namespace

std::shared_ptr<const BodyDecoder> decompress(DecompressOptions options) {
  return std::make_shared<const Decompressor>(options);
}

}  // namespace h3
