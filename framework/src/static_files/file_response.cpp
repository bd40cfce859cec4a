#include "static_files/file_response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "app/event_state.hpp"
#include "http/status.hpp"
#include "memory/random_bytes.hpp"
#include "static_files/byte_range.hpp"
#include "static_files/file_body.hpp"
#include "static_files/ranges_body.hpp"

namespace h3 {
namespace {

constexpr std::size_t kBoundaryBytes = 24;
constexpr std::size_t kMaxPartTextBytes = 256;
using Boundary = std::array<char, kBoundaryBytes>;

// Range applies to GET only (RFC 9110 14.2).
ByteRanges requestedRanges(const Event& event, const FileVersion& version, std::uint64_t size) {
  const bool counts = event.method() == Method::get && version.allowsRange(event);
  return parseByteRanges(counts ? EventState::of(event).head.headers.findOnly("Range").value_or("") : "",
                         size);
}

void setContentRange(Event& event, const ByteRange& range, std::uint64_t size) {
  std::array<char, 80> text;
  const auto written = fmt::format_to_n(text.data(), text.size(), "bytes {}-{}/{}", range.first,
                                        range.first + range.bytes - 1, size);
  event.setHeader("Content-Range", {text.data(), written.size});
}

void refuseRanges(Event& event, std::uint64_t size) {
  std::array<char, 40> text;
  const auto written = fmt::format_to_n(text.data(), text.size(), "bytes */{}", size);
  event.setHeader("Content-Range", {text.data(), written.size});
  event.setStatus(416).sendView(reasonPhrase(416), "text/plain; charset=utf-8");
}

// The first piece is read now, while an error still becomes a 500; to HEAD nothing is read.
void sendSource(Event& event, OwnedBodySource body, std::string_view contentType) {
  BodySource::Piece first{BodySource::Outcome::more, {}};
  if (event.method() == Method::get) first = body->next();
  if (first.outcome == BodySource::Outcome::failed) throw std::runtime_error("a static file cannot be read");
  event.sendView(first.bytes, contentType);
  EventState::of(event).continueBody(std::move(body));
}

// The buffer of a small file, or a FileBody.
void sendPart(Event& event, OpenedFile file, const ByteRange& range, std::string_view contentType) {
  EventState& state = EventState::of(event);
  if (range.bytes <= FileBody::kSliceBytes && event.method() == Method::get) {
    const std::span<char> content = state.borrowBody(static_cast<std::size_t>(range.bytes));
    readFileAt(file.descriptor, range.first, content);
    return event.sendView({content.data(), content.size()}, contentType);
  }
  sendSource(event,
             state.makeBodySource<FileBody>(std::move(file.descriptor), range.first, range.bytes,
                                            state.services.memory.buffers(), &event),
             contentType);
}

// Random, so that no file can be made to contain it.
Boundary makeBoundary() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::uint8_t, kBoundaryBytes / 2> random;
  fillRandom(random);
  Boundary boundary;
  auto out = boundary.begin();
  for (const std::uint8_t byte : random) {
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
  }
  return boundary;
}

template <class... Args>
std::string_view partText(Arena& arena, fmt::format_string<Args...> format, Args&&... args) {
  std::array<char, kMaxPartTextBytes> text;
  const auto written = fmt::format_to_n(text.data(), text.size(), format, std::forward<Args>(args)...);
  return arena.copy({text.data(), std::min(written.size, text.size())});
}

std::span<const RangePart> partsOf(const ByteRanges& ranges, std::uint64_t size, std::string_view boundary,
                                   std::string_view contentType, Arena& arena) {
  const std::size_t count = ranges.count + 1;
  auto* const parts = static_cast<RangePart*>(arena.allocate(sizeof(RangePart) * count, alignof(RangePart)));
  RangePart* part = parts;
  for (const ByteRange& range : ranges.parts()) {
    const std::string_view text =
        partText(arena, "\r\n--{}\r\nContent-Type: {}\r\nContent-Range: bytes {}-{}/{}\r\n\r\n", boundary,
                 contentType, range.first, range.first + range.bytes - 1, size);
    ::new (part++) RangePart{text, range.first, range.bytes};
  }
  ::new (part) RangePart{partText(arena, "\r\n--{}--\r\n", boundary), 0, 0};
  return {parts, count};
}

// Returns false when the whole file is not longer.
bool sendParts(Event& event, OpenedFile& file, const ByteRanges& ranges, std::string_view contentType) {
  EventState& state = EventState::of(event);
  const Boundary boundary = makeBoundary();
  const std::string_view boundaryText(boundary.data(), boundary.size());
  const auto parts = partsOf(ranges, file.size, boundaryText, contentType, state.arena);
  std::uint64_t bytes = 0;
  for (const RangePart& part : parts) bytes += part.text.size() + part.bytes;
  if (bytes >= file.size) return false;
  const std::string_view type = partText(state.arena, "multipart/byteranges; boundary={}", boundaryText);
  sendSource(event,
             state.makeBodySource<RangesBody>(std::move(file.descriptor), parts,
                                              state.services.memory.buffers(), &event),
             type);
  event.setStatus(206);
  return true;
}

}  // namespace

void sendFile(Event& event, OpenedFile file, const FileVersion& version, std::string_view contentType) {
  const std::uint64_t size = file.size;
  event.setHeader("Accept-Ranges", "bytes");
  const ByteRanges ranges = requestedRanges(event, version, size);
  if (ranges.outcome == ByteRanges::Outcome::unsatisfiable) return refuseRanges(event, size);
  if (ranges.count > 1) {
    if (sendParts(event, file, ranges, contentType)) return;
    return sendPart(event, std::move(file), {0, size}, contentType);
  }
  if (ranges.outcome == ByteRanges::Outcome::part) setContentRange(event, ranges.ranges[0], size);
  sendPart(event, std::move(file), ranges.ranges[0], contentType);
  if (ranges.outcome == ByteRanges::Outcome::part) event.setStatus(206);
}

}  // namespace h3
