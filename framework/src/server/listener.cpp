#include "server/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstring>

#include "app/log.hpp"
#include "server/connection.hpp"

namespace h3::server {
namespace {

namespace asio = boost::asio;
using boost::system::system_error;

constexpr int kBacklog = 4096;
constexpr int kAcceptsPerTurn = 64;

[[noreturn]] void throwFor(const std::string& address, const boost::system::error_code& error) {
  // Created without the source location, which the message would otherwise show.
  throw system_error(error.value(), error.category(), "cannot listen on " + address);
}

// Text of the peer's address without its port, into `text`; unix sockets have none.
std::string_view addressText(const sockaddr_storage& peer,
                             std::array<char, Connection::kAddressBytes>& text) {
  if (peer.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return text.data();
  }
  if (peer.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(peer);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return text.data();
  }
  return "unix";
}

void removeStaleSocket(const std::string& path, const asio::local::stream_protocol::endpoint& endpoint) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool alive = ::connect(probe, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
  ::close(probe);
  if (!alive) ::unlink(path.c_str());
}

}  // namespace

Listener Listener::tcp(asio::io_context& context, const std::string& address, std::uint16_t port,
                       bool shared) {
  const std::string where = address + ":" + std::to_string(port);
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(address, error);
  if (error) throwFor(where, error);
  const asio::ip::tcp::endpoint endpoint(numeric, port);
  Acceptor acceptor(context);
  try {
    acceptor.open(asio::generic::stream_protocol(endpoint.protocol()));
    acceptor.set_option(asio::socket_base::reuse_address(true));
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    if (shared) acceptor.set_option(ReusePort(true));
    // Accepted sockets inherit this option.
    acceptor.set_option(asio::ip::tcp::no_delay(true));
    acceptor.bind(endpoint);
    acceptor.listen(kBacklog);
    acceptor.native_non_blocking(true);
  } catch (const system_error& failure) {
    throwFor(where, failure.code());
  }
  return Listener(std::move(acceptor));
}

Listener Listener::unixSocket(asio::io_context& context, const std::string& path, const UnixAccess& access) {
  const asio::local::stream_protocol::endpoint endpoint(path);
  removeStaleSocket(path, endpoint);
  Acceptor acceptor(context);
  try {
    acceptor.open(asio::generic::stream_protocol(endpoint.protocol()));
    acceptor.bind(endpoint);
  } catch (const system_error& failure) {
    throwFor(path, failure.code());
  }
  try {
    applyAccess(path, access);  // before listen(): until then connect() fails
    acceptor.listen(kBacklog);
    acceptor.native_non_blocking(true);
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
  return Listener(std::move(acceptor));
}

Listener Listener::duplicate(asio::io_context& context, const Listener& other) {
  const int socket = ::fcntl(const_cast<Acceptor&>(other.acceptor_).native_handle(), F_DUPFD_CLOEXEC, 0);
  if (socket < 0)
    throw system_error(errno, boost::system::system_category(), "cannot duplicate a listening socket");
  const auto endpoint = other.acceptor_.local_endpoint();
  return Listener(Acceptor(context, endpoint.protocol(), socket));
}

std::uint16_t Listener::port() const {
  const auto endpoint = acceptor_.local_endpoint();
  const auto* const address = static_cast<const sockaddr*>(endpoint.data());
  if (address->sa_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
  if (address->sa_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(address)->sin6_port);
  return 0;
}

void Listener::start(HandlerSlot& slot, OnAccept onAccept) {
  slot_ = &slot;
  onAccept_ = std::move(onAccept);
  arm();
}

void Listener::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

void Listener::retry() {
  if (paused_ && acceptor_.is_open()) arm();
}

void Listener::arm() {
  paused_ = false;
  acceptor_.async_wait(Acceptor::wait_read, inSlot(*slot_, [this](const boost::system::error_code& error) {
                         if (!error) acceptAll();
                       }));
}

void Listener::acceptAll() {
  acceptPending();
  if (!paused_ && acceptor_.is_open()) arm();
}

void Listener::acceptPending() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage peer{};
    socklen_t peerBytes = sizeof peer;
    const int socket = ::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&peer), &peerBytes,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      paused_ = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
      if (paused_) logError("accept", std::strerror(errno));
      break;
    }
    std::array<char, Connection::kAddressBytes> text{};
    onAccept_(socket, addressText(peer, text));
  }
}

}  // namespace h3::server
