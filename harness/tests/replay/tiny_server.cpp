#include "tiny_server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>

#include "replay/loopback.hpp"

namespace leakgate::test {

std::string tinyResponse(int status, const std::string& body, const std::string& fields) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + fields + "\r\n" + body;
}

TinyServer::TinyServer(Handler handler, std::uint16_t port)
    : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopbackAddress(port);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const int on = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(listener_.get(), generic, length) != 0 || ::listen(listener_.get(), 1024) != 0) {
    throw std::runtime_error("cannot listen");
  }
  ::getsockname(listener_.get(), generic, &length);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TinyServer::~TinyServer() { stop(); }

void TinyServer::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void TinyServer::serve() {
  std::vector<pollfd> polled;  // kept: a server that allocates while idle never settles
  while (!stopping_) {
    polled.assign(1, {listener_.get(), POLLIN, 0});
    for (const auto& connection : connections_) polled.push_back({connection.socket.get(), POLLIN, 0});
    ::poll(polled.data(), polled.size(), 5);
    for (std::size_t k = 1; k < polled.size(); ++k) {
      if (polled[k].revents != 0) receive(connections_[k - 1]);
    }
    std::erase_if(connections_, [](const Connection& connection) { return !connection.socket; });
    if (dropAccepted) connections_.clear();
    if (polled[0].revents == 0) continue;
    connections_.push_back({Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)), {}});
    ++accepted;
  }
  connections_.clear();
}

void TinyServer::receive(Connection& connection) {
  char buffer[64U << 10];
  const ssize_t got = ::recv(connection.socket.get(), buffer, sizeof buffer, 0);
  if (got <= 0) {
    ++(got < 0 ? resets : ends);
    return connection.socket.reset();
  }
  connection.input.append(buffer, static_cast<std::size_t>(got));
  if (record) seen.append(buffer, static_cast<std::size_t>(got));
  respond(connection);
}

void TinyServer::send(int socket, std::string_view bytes) {
  const ssize_t atOnce = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (atOnce == static_cast<ssize_t>(bytes.size())) return;
  ++parted;
  bytes.remove_prefix(atOnce > 0 ? static_cast<std::size_t>(atOnce) : 0);
  ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void TinyServer::respond(Connection& connection) {
  for (;;) {
    const auto end = connection.input.find("\r\n\r\n");
    if (end == std::string::npos) return;
    TinyRequest request;
    request.head = connection.input.substr(0, end + 4);
    const auto length = request.head.find("Content-Length: ");
    const std::size_t bodyBytes =
        length == std::string::npos ? 0 : std::stoul(request.head.substr(length + 16));
    if (connection.input.size() < end + 4 + bodyBytes) return;
    request.body = connection.input.substr(end + 4, bodyBytes);
    connection.input.erase(0, end + 4 + bodyBytes);
    const auto blank = request.head.find(' ');
    request.target = request.head.substr(blank + 1, request.head.find(' ', blank + 1) - blank - 1);
    ++requests;
    const TinyReply reply = handler_(request);
    if (!reply.bytes.empty()) send(connection.socket.get(), reply.bytes);
    if (reply.close) return connection.socket.reset();
  }
}

}  // namespace leakgate::test
