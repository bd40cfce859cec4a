// floor-asio: the same as floor-epoll on plain Asio: one asynchronous read, one asynchronous write, nothing
// parsed.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fixed_response.hpp"
#include "server_options.hpp"

namespace {

namespace asio = boost::asio;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, bench::FixedResponse& response) : socket_(std::move(socket)), response_(response) {}

  void read() {
    socket_.async_read_some(asio::buffer(input_), [self = shared_from_this()](auto error, std::size_t bytes) {
      if (!error) self->respond(bytes);
    });
  }

 private:
  void respond(std::size_t bytes) {
    const std::size_t requests = ends_.count({input_.data(), bytes});
    if (requests == 0) return read();
    output_.clear();
    for (std::size_t i = 0; i < requests; ++i) output_.append(response_.now());
    asio::async_write(socket_, asio::buffer(output_), [self = shared_from_this()](auto error, std::size_t) {
      if (!error) self->read();
    });
  }

  Socket socket_;
  bench::FixedResponse& response_;
  bench::HeadEnds ends_;
  std::array<char, 16 * 1024> input_;
  std::string output_;
};

class Loop {
 public:
  explicit Loop(std::uint16_t port) : acceptor_(context_) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(Acceptor::reuse_address(true));
    acceptor_.set_option(ReusePort(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(4096);
    accept();
  }

  void run() { context_.run(); }

 private:
  void accept() {
    acceptor_.async_accept(context_.get_executor(), [this](auto error, Socket socket) {
      if (!error) {
        socket.set_option(asio::ip::tcp::no_delay(true));
        std::make_shared<Session>(std::move(socket), response_)->read();
      }
      accept();
    });
  }

  asio::io_context context_{1};
  Acceptor acceptor_;
  bench::FixedResponse response_;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::ServerOptions options = bench::readServerOptions(argc, argv);
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < options.threads; ++i)
    others.emplace_back([&options] { Loop(options.port).run(); });
  Loop(options.port).run();
}
