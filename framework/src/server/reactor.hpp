// Operations of a connection on its socket, on epoll or io_uring.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace h3::server {

/// A receive from a socket. `result`: the number of bytes; 0: the client has finished sending; negative: an
/// error of recv(2), or -EAGAIN. Fewer than `room`: nothing more has arrived.
struct Receive {
  int socket;
  char* into;
  std::size_t room;
  ssize_t result;
};

/// A send to a client. `result`: the number of accepted bytes; negative: an error of send(2), or -EAGAIN.
struct Send {
  int socket;
  const char* from;
  std::size_t size;
  ssize_t result;
};

/// What a Reactor wakes.
class Pollable {
 public:
  /// `events`: EPOLLIN and others. Only records them: work is done at the end of the batch.
  virtual void onReady(std::uint32_t events) noexcept = 0;
  /// These bytes were accepted by send(), but could not be sent: send them first, after an EPOLLOUT. `bytes`:
  /// valid during the call.
  virtual void onReturned(std::string_view bytes) = 0;

 protected:
  ~Pollable() = default;
};

/// Callbacks around each batch of wake-ups.
class BatchListener {
 public:
  virtual void beginBatch() noexcept = 0;
  /// Serves all connections that were woken.
  virtual void endBatch() noexcept = 0;
  /// Whether there is work to do without a new event.
  virtual bool hasWork() const noexcept = 0;

 protected:
  ~BatchListener() = default;
};

/// The sockets of one worker: reports which are ready, and moves their bytes.
///
/// Asio stays outermost, so post() from other threads, timers and coroutines work as before; but a socket
/// costs no Asio operation, no handler memory and no extra receive per request. A worker waits here for its
/// sockets and for Asio's descriptors (SharedWait).
///
/// A socket is identified by the number that add() returned, until close(). Calls that move bytes do so for
/// many sockets, each at most once, and never wait. Threads: one owner, the one that runs the io_context.
class Reactor {
 public:
  /// A larger send goes out immediately, on each reactor. (Copying many bytes costs as much as a system
  /// call.)
  static constexpr std::size_t kMaxDelayedBytes = 8 * 1024;

  virtual ~Reactor() = default;

  /// From now on the io_context's run() wakes connections. Throws boost::system::system_error.
  virtual void start() = 0;
  /// Call after run(): makes sure that closed sockets are closed for the clients too.
  virtual void stop() = 0;
  /// Collects input that has arrived, for receive(), without waking connections.
  virtual void collect() noexcept = 0;

  /// Takes over a connected socket and wakes `pollable` by edges: after an event, continue until EAGAIN.
  /// Throws boost::system::system_error; then the descriptor stays the caller's.
  virtual int add(int descriptor, Pollable& pollable) = 0;

  virtual void receive(std::span<Receive> wanted) noexcept = 0;
  /// Accepted bytes may go out only at the end of the batch, unless they are many (kMaxDelayedBytes); bytes
  /// that cannot go out then are returned (Pollable::onReturned). After EAGAIN an EPOLLOUT follows.
  virtual void send(std::span<Send> offered) noexcept = 0;
  /// Sends accepted bytes now, because the next work may take long.
  virtual void flush() noexcept = 0;
  /// Whether the kernel has all bytes that send() accepted. If not, an EPOLLOUT follows.
  virtual bool allSent(int socket) = 0;
  /// Ends sending. Only when allSent().
  virtual void shutdownSend(int socket) = 0;
  /// Sent and not yet taken by the client, in bytes; negative: unknown.
  virtual int unacknowledgedBytes(int socket) = 0;
  /// Makes close() reset the connection, so that the kernel drops what the client has not taken.
  virtual void dropUnsent(int socket) = 0;
  /// Bytes that the kernel does not have are dropped, and `pollable` is not woken again.
  virtual void close(int socket) = 0;
};

}  // namespace h3::server
