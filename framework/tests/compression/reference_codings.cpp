#include "reference_codings.hpp"

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>

#include <stdexcept>

namespace h3::test {
namespace {

constexpr std::size_t kMaxDecodedBytes = 32 * 1024 * 1024;

}  // namespace

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  std::string text(kMaxDecodedBytes, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("inflateInit2");
  const int result = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.avail_in != 0) throw std::runtime_error("no whole gzip");
  return text;
}

std::string unbrotli(std::string_view bytes) {
  std::string text(kMaxDecodedBytes, '\0');
  std::size_t size = text.size();
  const auto result =
      BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                              reinterpret_cast<std::uint8_t*>(text.data()));
  if (result != BROTLI_DECODER_RESULT_SUCCESS) throw std::runtime_error("no whole brotli");
  text.resize(size);
  return text;
}

std::string gzipped(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  (void)deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string brotlied(std::string_view text) {
  std::string out(BrotliEncoderMaxCompressedSize(text.size()) + 16, '\0');
  std::size_t size = out.size();
  if (BrotliEncoderCompress(9, 22, BROTLI_MODE_GENERIC, text.size(),
                            reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE)
    throw std::runtime_error("BrotliEncoderCompress");
  out.resize(size);
  return out;
}

std::string someJson(int lines) {
  std::string text = "[";
  for (int i = 0; i < lines; ++i)
    text.append(R"({"id":)")
        .append(std::to_string(i * 7919))
        .append(R"(,"name":"note )")
        .append(std::to_string(i))
        .append("\"},\n");
  return text.append("{}]");
}

}  // namespace h3::test
