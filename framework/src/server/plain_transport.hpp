// The identity transport: bytes of a socket are bytes of the session.
#pragma once

#include <sys/epoll.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "server/reactor.hpp"
#include "server/transport.hpp"

namespace h3::server {

/// Keeps the state of one socket, from the reactor's edges and results.
///
///     input:   drained --edge--> mayReceive() --0--> inputEnded()
///                      <--short read, EAGAIN--
///     output:  maySend() --EAGAIN--> held --edge--> maySend() --endOutput()--> outputEnded()
///
/// Lifetime: `reactor` must outlive it.
/// Threads: one owner.
class PlainTransport {
 public:
  explicit PlainTransport(Reactor& reactor) : reactor_(&reactor) {}

  /// Takes over a socket of the reactor's, which may be readable only after its first edge.
  void open(int socket) {
    socket_ = socket;
    readable_ = expectsEnd_ = inputEnded_ = sendsHeld_ = outputEnded_ = false;
  }
  void close();
  bool isOpen() const { return socket_ >= 0; }

  /// An edge, see Pollable::onReady(). Returns whether the client is gone: nothing can reach it any more.
  /// After endOutput() the same edge only means that both sides have ended.
  bool onEvents(std::uint32_t events) {
    if (events & EPOLLIN) readable_ = true;
    if (events & EPOLLOUT) sendsHeld_ = false;
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) [[unlikely]]
      return onHangUp(events);
    return false;
  }
  /// Nothing can be sent until the next EPOLLOUT.
  void holdSends() { sendsHeld_ = true; }

  /// A receive may return bytes, the end or an error.
  bool mayReceive() const { return readable_; }
  /// Makes the next receive look for input without an edge.
  void expectInput() { readable_ = true; }
  void beginReceive(Receive& receive, std::span<char> room) const {
    receive.socket = socket_;
    receive.into = room.data();
    receive.room = room.size();
  }
  void receive(Receive& receive) { reactor_->receive({&receive, 1}); }
  /// `room`: as in beginReceive(); its first bytes are the session's.
  Transferred endReceive(ssize_t result, std::span<char> room) {
    if (result <= 0) return onNothingReceived(result);
    // A short read has emptied the socket; but the same edge may have announced a FIN.
    if (static_cast<std::size_t>(result) < room.size() && !expectsEnd_) readable_ = false;
    return {static_cast<std::size_t>(result), false};
  }
  /// Neither input nor its end needs processing.
  bool isQuiet() const { return !(readable_ | inputEnded_); }
  /// All input has been received.
  bool inputEnded() const { return inputEnded_; }
  /// The client has sent its last byte, whether or not that has been received.
  bool expectsEnd() const { return expectsEnd_; }

  bool maySend() const { return !sendsHeld_; }
  void beginSend(Send& send, std::string_view bytes) const {
    send.socket = socket_;
    send.from = bytes.data();
    send.size = bytes.size();
  }
  void send(Send& send) { reactor_->send({&send, 1}); }
  Transferred endSend(ssize_t result) {
    if (result >= 0) return {static_cast<std::size_t>(result), false};
    if (result == -EAGAIN) sendsHeld_ = true;
    return {0, result != -EAGAIN && result != -EINTR};
  }
  /// See Reactor.
  bool allSent() { return reactor_->allSent(socket_); }
  int unacknowledgedBytes() { return reactor_->unacknowledgedBytes(socket_); }
  void dropUnsent() { reactor_->dropUnsent(socket_); }
  bool outputEnded() const { return outputEnded_; }
  /// Sends a FIN. Only when allSent().
  void endOutput();

 private:
  bool onHangUp(std::uint32_t events);
  Transferred onNothingReceived(ssize_t result);

  Reactor* reactor_;
  int socket_ = -1;
  bool readable_ = false;
  bool expectsEnd_ = false;  ///< a FIN may arrive without another edge: receive until 0
  bool inputEnded_ = false;
  bool sendsHeld_ = false;
  bool outputEnded_ = false;
};

static_assert(Transport<PlainTransport>);

}  // namespace h3::server
