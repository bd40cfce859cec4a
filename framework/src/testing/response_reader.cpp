#include "testing/response_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace h3::test {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMaxHeadBytes = 1024 * 1024;
constexpr std::size_t kShownBytes = 200;

[[noreturn]] void failOn(const std::string& found, std::string_view bytes) {
  throw ClientError("expected a whole response, found " + found + ", at \"" +
                    std::string(bytes.substr(0, kShownBytes)) + "\"");
}

// Reads one message, interim or not; returns how many bytes it took.
std::size_t readMessage(http::response_parser<http::string_body>& parser, std::string_view bytes,
                        bool closed) {
  std::size_t taken = 0;
  while (!parser.is_done() && taken != bytes.size()) {
    const std::string_view rest = bytes.substr(taken);
    boost::system::error_code error;
    const std::size_t consumed = parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
    if (error && error != http::error::need_more) failOn(error.message(), bytes);
    taken += consumed;
    if (consumed == 0) break;
  }
  if (parser.is_done()) return taken;
  if (bytes.empty()) failOn("nothing", bytes);
  boost::system::error_code error;
  if (closed) parser.put_eof(error);
  if (!parser.is_done()) failOn(closed ? "a part of one, then the end" : "a part", bytes);
  return taken;
}

Response taken(http::response_parser<http::string_body>& parser, bool closed) {
  Response response;
  auto message = parser.release();
  response.status = static_cast<int>(message.result_int());
  response.reason = std::string(message.reason());
  for (const auto& field : message)
    response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  response.body = std::move(message.body());
  response.closesConnection = closed || !message.keep_alive();
  return response;
}

}  // namespace

Response readResponse(std::string_view bytes, bool toHead, bool closed) {
  std::vector<int> interim;
  for (;;) {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.header_limit(kMaxHeadBytes);
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    parser.skip(toHead);
    bytes.remove_prefix(readMessage(parser, bytes, closed));
    const int status = static_cast<int>(parser.get().result_int());
    if (status < 200) {
      interim.push_back(status);
      continue;
    }
    if (!bytes.empty()) failOn("further bytes behind it", bytes);
    Response response = taken(parser, closed);
    response.interim = std::move(interim);
    return response;
  }
}

}  // namespace h3::test
