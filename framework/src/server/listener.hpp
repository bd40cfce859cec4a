// A listening socket, TCP or unix, and the accept loop on it.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "server/handler_slot.hpp"
#include "server/unix_access.hpp"

namespace h3::server {

/// Accepts connections of one address.
///
/// Lifetime: the io_context's. Threads: one owner.
/// Errors: the factories throw boost::system::system_error that names the address.
class Listener {
 public:
  using OnAccept = std::function<void(int socket, std::string_view clientAddress)>;

  /// `shared`: several workers listen on the same port (SO_REUSEPORT). `port` 0: the system chooses.
  static Listener tcp(boost::asio::io_context& context, const std::string& address, std::uint16_t port,
                      bool shared);
  /// A stale socket file is replaced, a live one is an error.
  static Listener unixSocket(boost::asio::io_context& context, const std::string& path,
                             const UnixAccess& access);
  /// Another worker's handle on the same listening socket.
  static Listener duplicate(boost::asio::io_context& context, const Listener& other);

  std::uint16_t port() const;
  /// Calls `onAccept` for each connection; the socket is non-blocking. `slot` must outlive the context.
  void start(HandlerSlot& slot, OnAccept onAccept);
  /// Continues after a lack of descriptors or memory; otherwise does nothing.
  void retry();
  /// Drains the accept backlog before close().
  void acceptPending();
  void close();

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol,
                                                      boost::asio::io_context::executor_type>;

  explicit Listener(Acceptor acceptor) : acceptor_(std::move(acceptor)) {}
  void arm();
  void acceptAll();

  HandlerSlot* slot_ = nullptr;
  Acceptor acceptor_;
  OnAccept onAccept_;
  bool paused_ = false;
};

}  // namespace h3::server
