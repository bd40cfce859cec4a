// peer-beast: HTTP the way that Beast's asynchronous example does it: one session object a connection, a
// fresh request and response each time, a timer set per operation.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "server_options.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

std::string httpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

using Request = http::request<http::string_body>;

http::message_generator respond(Request&& request) {
  http::response<http::string_body> response{http::status::ok, request.version()};
  const std::string_view target(request.target().data(), request.target().size());
  response.set(http::field::date, httpDate());
  response.set(http::field::content_type, "text/plain");
  response.keep_alive(request.keep_alive());
  if (target == "/plaintext") {
    response.body() = "Hello, World!";
  } else if (target == "/json") {
    response.set(http::field::content_type, "application/json");
    response.body() = nlohmann::json{{"message", "Hello, World!"}}.dump();
  } else if (target.starts_with("/users/")) {
    response.body() = target.substr(7);
  } else if (target == "/echo" && request.method() == http::verb::post) {
    response.set(http::field::content_type, request[http::field::content_type]);
    response.body() = std::move(request.body());
  } else {
    response.result(http::status::not_found);
  }
  response.prepare_payload();
  return response;
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(asio::ip::tcp::socket socket) : stream_(std::move(socket)) {}

  void read() {
    request_ = {};
    stream_.expires_after(std::chrono::seconds(30));
    http::async_read(stream_, buffer_, request_,
                     beast::bind_front_handler(&Session::onRead, shared_from_this()));
  }

 private:
  void onRead(beast::error_code error, std::size_t) {
    if (error) return;
    http::message_generator response = respond(std::move(request_));
    const bool keepAlive = response.keep_alive();
    beast::async_write(stream_, std::move(response),
                       beast::bind_front_handler(&Session::onWrite, shared_from_this(), keepAlive));
  }

  void onWrite(bool keepAlive, beast::error_code error, std::size_t) {
    if (!error && keepAlive) read();
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  Request request_;
};

void accept(asio::ip::tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code error, asio::ip::tcp::socket socket) {
    if (!error) {
      socket.set_option(asio::ip::tcp::no_delay(true));
      std::make_shared<Session>(std::move(socket))->read();
    }
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const bench::ServerOptions options = bench::readServerOptions(argc, argv);
  asio::io_context context{1};
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), options.port});
  acceptor.listen(4096);
  accept(acceptor);
  context.run();
}
