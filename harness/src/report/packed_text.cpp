#include "report/packed_text.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "report/gzip.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more for a gzip header

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byteAt = [&](std::size_t at) {
      return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
    };
    const std::uint32_t group = byteAt(i) << 16U | byteAt(i + 1) << 8U | byteAt(i + 2);
    for (unsigned shift = 18, at = 0; at < 4; shift -= 6, ++at)
      text += i + at > bytes.size() ? '=' : kAlphabet[group >> shift & 63U];
  }
  return text;
}

std::optional<std::string> fromBase64(std::string_view text) {
  std::string bytes;
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    group = group << 6U | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 255U);
  }
  return bytes;
}

}  // namespace

std::string packed(std::string_view text) { return base64(gzip(text)); }

std::optional<std::string> unpacked(std::string_view text, std::size_t maxBytes) {
  const auto bytes = fromBase64(text);
  z_stream stream{};
  if (!bytes || inflateInit2(&stream, kGzipWindow) != Z_OK) return std::nullopt;
  // zlib does not write to its input, but older headers take a pointer to what is not const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes->data()));
  stream.avail_in = static_cast<uInt>(bytes->size());
  std::string whole;
  std::array<char, 1U << 16U> part{};
  int status = Z_OK;
  while (status == Z_OK && whole.size() <= maxBytes) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    status = inflate(&stream, Z_NO_FLUSH);
    whole.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END || whole.size() > maxBytes) return std::nullopt;
  return whole;
}

}  // namespace leakgate
