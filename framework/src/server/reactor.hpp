// What a connection may do with its socket, whoever watches it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace h3::server {

/// What a Reactor wakes.
class Pollable {
 public:
  /// `events`: EPOLLIN and friends. May close its own socket, no other's.
  virtual void onReady(std::uint32_t events) = 0;
  /// The client could not take these bytes, which a send() had accepted: they come before all others, after
  /// an EPOLLOUT. `bytes`: valid during the call.
  virtual void onReturned(std::string_view bytes) = 0;

 protected:
  ~Pollable() = default;
};

/// What runs around each batch of wake-ups.
class BatchOwner {
 public:
  virtual void beginBatch() = 0;
  /// Returns whether somebody still has work to do without a new event.
  virtual bool endBatch() = 0;

 protected:
  ~BatchOwner() = default;
};

/// The sockets of one worker: who has something to do, and the bytes.
///
/// Asio stays outermost, so post() from other threads, timers and coroutines work as ever; but a socket costs
/// no Asio operation, no handler memory and no extra receive per request.
///
/// A socket is known by the number that add() gave, until close(). The calls that move bytes give what
/// recv(2) and send(2) give, and set errno; none of them waits. Threads: one owner, the one that runs the
/// io_context.
class Reactor {
 public:
  virtual ~Reactor() = default;

  /// From now on the io_context's run() wakes connections. Throws boost::system::system_error.
  virtual void start() = 0;
  /// After run(): what was closed is closed for the clients too.
  virtual void stop() = 0;
  /// Takes in what has arrived, so that receive() gives it, without waking anybody.
  virtual void collect() = 0;

  /// Takes over a connected socket and wakes `pollable` by edges: after an event go on until EAGAIN.
  /// Throws boost::system::system_error, and the descriptor stays the caller's.
  virtual int add(int descriptor, Pollable& pollable) = 0;

  /// 0: the client has finished sending. Fewer than `room`: nothing more is here.
  virtual ssize_t receive(int socket, char* into, std::size_t room) = 0;
  /// What it accepts may go out only at the batch's end, and what cannot go out then is returned
  /// (Pollable::onReturned). After EAGAIN an EPOLLOUT follows.
  virtual ssize_t send(int socket, std::string_view bytes) = 0;
  /// Whether all that send() accepted is in the kernel's hands. If not, an EPOLLOUT follows.
  virtual bool allSent(int socket) = 0;
  /// Nothing more will be sent. Only when allSent().
  virtual void shutdownSend(int socket) = 0;
  /// Sent and not yet taken by the client, in bytes; negative: unknown.
  virtual int unacknowledgedBytes(int socket) = 0;
  /// Unsent bytes are dropped, and `pollable` is not woken again.
  virtual void close(int socket) = 0;
};

}  // namespace h3::server
