#include "fetch/fetch_exchange.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <string>

namespace h3 {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Parser = http::response_parser<http::buffer_body>;

constexpr int kMaxInterim = 8;  // 1xx responses before the response

bool isEnd(const error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset ||
         error == asio::error::broken_pipe || error == http::error::end_of_stream ||
         error == http::error::partial_message;
}

[[noreturn]] void throwFor(const error_code& error, const FetchTarget& target) {
  const std::string where = "fetch from " + target.origin + ": ";
  if (error == asio::error::operation_aborted)
    throw boost::system::system_error(error, "a fetch was cancelled");
  if (error == boost::beast::error::timeout)
    throw FetchError(FetchFailure::timedOut, where + "no whole response in time");
  if (isEnd(error))
    throw FetchError(FetchFailure::closed, where + "the server closed before the end of its response");
  if (error == http::error::header_limit)
    throw FetchError(FetchFailure::tooLarge, where + "the head is too large");
  if (error == http::error::body_limit || error == http::error::buffer_overflow)
    throw FetchError(FetchFailure::tooLarge, where + "the body is too large");
  throw FetchError(FetchFailure::malformed, where + error.message());
}

asio::awaitable<error_code> send(FetchConnection& connection, const FetchTarget& target) {
  error_code error;
  const std::array<asio::const_buffer, 2> bytes{asio::buffer(target.head), asio::buffer(target.body)};
  co_await asio::async_write(connection.stream, bytes, asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

void setUp(Parser& parser, const FetchTarget& target, const FetchBounds& bounds) {
  parser.header_limit(bounds.headBytes);
  parser.body_limit(bounds.bodyBytes);
  if (target.method == "HEAD") parser.skip(true);
}

// Those of 1xx are skipped. Returns the error of the first read, if that failed without a byte.
asio::awaitable<error_code> readHead(FetchConnection& connection, const FetchTarget& target,
                                     const FetchBounds& bounds, std::optional<Parser>& parser) {
  for (int interim = 0;; ++interim) {
    parser.emplace();
    setUp(*parser, target, bounds);
    error_code error;
    co_await http::async_read_header(connection.stream, connection.buffer, *parser,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (error && isEnd(error) && interim == 0 && !parser->got_some()) co_return error;
    if (error) throwFor(error, target);
    const unsigned status = parser->get().result_int();
    if (status >= 200) co_return error_code();
    if (status == 101 || interim == kMaxInterim) throwFor(http::error::bad_status, target);
  }
}

asio::awaitable<void> readBody(FetchConnection& connection, const FetchTarget& target,
                               const FetchBounds& bounds, Parser& parser, std::string& body) {
  while (!parser.is_done()) {
    auto& room = parser.get().body();
    room.data = connection.piece.data();
    room.size = connection.piece.size();
    room.more = true;
    error_code error;
    co_await http::async_read(connection.stream, connection.buffer, parser,
                              asio::redirect_error(asio::use_awaitable, error));
    if (error && error != http::error::need_buffer) throwFor(error, target);
    const std::string_view piece(connection.piece.data(), connection.piece.size() - room.size);
    if (piece.empty()) continue;
    if (bounds.sink) {
      bounds.sink(piece);
    } else {
      body.append(piece);
    }
  }
}

}  // namespace

asio::awaitable<FetchResult> exchangeOver(FetchConnection& connection, const FetchTarget& target,
                                          const FetchBounds& bounds) {
  connection.stream.expires_at(bounds.deadline);
  FetchResult result;
  const error_code sent = co_await send(connection, target);
  // A server that refuses a long body responds and closes: its response may be there.
  if (sent && !isEnd(sent)) throwFor(sent, target);
  std::optional<Parser> parser;
  const error_code ended = co_await readHead(connection, target, bounds, parser);
  if (ended) {
    if (!connection.isReused) throwFor(ended, target);
    result.hadEnded = true;
    co_return result;
  }
  result.response.status = static_cast<int>(parser->get().result_int());
  for (const auto& field : parser->get())
    result.response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  co_await readBody(connection, target, bounds, *parser, result.response.body);
  result.keepsConnection = !sent && parser->keep_alive() && connection.buffer.size() == 0;
  co_return result;
}

}  // namespace h3
