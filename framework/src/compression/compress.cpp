#include "h3http/compress.hpp"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "app/chain.hpp"
#include "app/event_state.hpp"
#include "compression/block_cache.hpp"
#include "compression/brotli_encoder.hpp"
#include "compression/gzip_encoder.hpp"
#include "compression/media_types.hpp"
#include "h3http/negotiation.hpp"
#include "http/ascii_case.hpp"
#include "protocol/field_text.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMinThresholdBytes = 64;
constexpr std::size_t kMaxCompressibleBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kWorthwhileShare = 16;  // a body must become smaller by this part

// A body is compressed within one call, so a worker needs one of each.
struct Encoders {
  compression::GzipEncoder gzip;
  compression::BlockCache brotliMemory;
};

Encoders& threadEncoders() {
  thread_local Encoders encoders;
  return encoders;
}

// A buffer of the pool, until it is taken.
class LentBuffer {
 public:
  LentBuffer(BufferPool& pool, std::size_t bytes) : pool_(pool), buffer_(pool.acquire(bytes)) {}
  ~LentBuffer() { pool_.release(buffer_); }
  LentBuffer(const LentBuffer&) = delete;
  LentBuffer& operator=(const LentBuffer&) = delete;

  std::span<char> chars() const { return {buffer_.data, buffer_.capacity}; }
  Buffer take() { return std::exchange(buffer_, Buffer{}); }

 private:
  BufferPool& pool_;
  Buffer buffer_;
};

CompressOptions checkedCompression(CompressOptions options) {
  const auto refuse = [](const std::string& problem) { throw std::invalid_argument("compress: " + problem); };
  if (options.minBytes < kMinThresholdBytes || options.minBytes > options.maxBytes)
    refuse("minBytes " + std::to_string(options.minBytes) + ", expected 64 to maxBytes");
  if (options.maxBytes > kMaxCompressibleBytes)
    refuse("maxBytes " + std::to_string(options.maxBytes) + ", expected at most 16777216");
  if (options.gzipLevel < 0 || options.gzipLevel > 9)
    refuse("gzipLevel " + std::to_string(options.gzipLevel) + ", expected 1 to 9, or 0 for no gzip");
  if (options.brotliQuality < 0 || options.brotliQuality == 1 || options.brotliQuality > 9)
    refuse(
        "brotliQuality " + std::to_string(options.brotliQuality) +
        ", expected 2 to 9, or 0 for no brotli; higher ones are too slow for responses: compress files beforehand");
  if (options.gzipLevel == 0 && options.brotliQuality == 0) refuse("neither gzip nor brotli is enabled");
  return options;
}

// Whether a field says that the body must stay as it is.
bool forbidsCompression(const protocol::ResponseField& field) {
  const auto is = [&field](std::string_view name) { return equalsIgnoringCase(field.name, name); };
  if (is("Cache-Control")) {
    bool isFinal = false;
    protocol::forEachListElement(field.value, [&isFinal](std::string_view directive) {
      isFinal = isFinal || equalsIgnoringCase(directive, "no-transform");
    });
    return isFinal;
  }
  return is("Content-Encoding") || is("Content-Range") || is("Content-Digest") || is("Repr-Digest") ||
         is("Digest") || is("Content-MD5");
}

// A strong tag names bytes, which are now others (RFC 9110 8.8.1).
void weakenTag(EventState& state, std::string_view tag) {
  if (!tag.starts_with('"')) return;
  const std::span<char> weak = state.arena.allocateChars(tag.size() + 2);
  weak[0] = 'W';
  weak[1] = '/';
  std::copy(tag.begin(), tag.end(), weak.begin() + 2);
  state.fields.set(state.arena, "ETag", {weak.data(), weak.size()});
}

// A client that has the compressed variant has its weak tag, which the 304 must have too (RFC 9110 15.4.5).
void describeNotModified(Event& event, EventState& state) {
  varyBy(event, "Accept-Encoding");
  const std::string_view tag = state.fields.find("ETag").value_or("");
  if (!tag.starts_with('"')) return;
  for (const std::string_view list : event.headers("If-None-Match")) {
    const std::size_t at = list.find(tag);
    if (at != std::string_view::npos && list.substr(0, at).ends_with("W/")) return weakenTag(state, tag);
  }
}

class Compressor {
 public:
  explicit Compressor(CompressOptions options)
      : options_(checkedCompression(std::move(options))), types_(options_.types), filter_(options_.scope) {}

  void apply(Event& event) const {
    EventState& state = EventState::of(event);
    if (!filter_.appliesTo(event.method(), event.path())) return;
    if (state.status == 304) return describeNotModified(event, state);
    if (!mayCompress(state)) return;
    varyBy(event, "Accept-Encoding");
    const std::optional<std::string_view> coding = choose(event);
    if (!coding || *coding == "identity") return;
    const std::size_t worthwhile = state.responseBody.size() - state.responseBody.size() / kWorthwhileShare;
    LentBuffer buffer(state.services.memory.buffers(), worthwhile);
    const std::size_t bytes = encode(state.responseBody, *coding, buffer.chars().first(worthwhile));
    if (bytes == 0) return;
    // What may throw comes before what may not: this hook's exceptions leave the response as it is.
    weakenTag(state, state.fields.find("ETag").value_or(""));
    state.fields.remove("Accept-Ranges");
    event.setHeader("Content-Encoding", *coding);
    state.replaceBody(buffer.take(), bytes);
  }

 private:
  bool mayCompress(EventState& state) const {
    if (state.status == 204 || state.status == 205 || state.status == 206) return false;
    const std::uint64_t bytes = state.responseBytes();
    if (bytes < options_.minBytes || bytes > options_.maxBytes) return false;
    if (state.extras != nullptr && state.extras->keepsUncompressed) return false;
    if (!types_.contains(state.contentType)) return false;
    const auto fields = state.fields.all();
    if (std::any_of(fields.begin(), fields.end(), forbidsCompression)) return false;
    return state.bodyRest == nullptr || takeWhole(state);
  }

  // To HEAD, a small file is not read, but its length would be that of the compressed body.
  static bool takeWhole(EventState& state) {
    if (state.head.method != Method::head || !state.responseBody.empty()) return false;
    if (state.bodyRest->remainingBytes() > kMaxPieceBytes) return false;
    const BodySource::Piece piece = state.bodyRest->next();
    if (piece.outcome != BodySource::Outcome::last) return false;
    state.responseBody = piece.bytes;
    return true;
  }

  std::optional<std::string_view> choose(const Event& event) const {
    if (options_.brotliQuality == 0) return acceptsEncoding(event, {"gzip", "identity"});
    if (options_.gzipLevel == 0) return acceptsEncoding(event, {"br", "identity"});
    return acceptsEncoding(event, {"br", "gzip", "identity"});
  }

  // Returns the bytes written, 0 when they do not fit.
  std::size_t encode(std::string_view body, std::string_view coding, std::span<char> out) const {
    Encoders& encoders = threadEncoders();
    if (coding == "gzip") return encoders.gzip.encode(body, out, options_.gzipLevel);
    return compression::encodeBrotli(body, out, options_.brotliQuality, encoders.brotliMemory);
  }

  static constexpr std::uint64_t kMaxPieceBytes = 64 * 1024;

  CompressOptions options_;
  compression::MediaTypes types_;
  ScopeFilter filter_;
};

}  // namespace

void compress(App& app, CompressOptions options) {
  // Shared, because an App copies its hooks when it is frozen.
  app.onResponse([compressor = std::make_shared<const Compressor>(std::move(options))](Event& event) {
    compressor->apply(event);
  });
}

void doNotCompress(Event& event) { EventState::of(event).getExtras().keepsUncompressed = true; }

}  // namespace h3
