// What a connection may do with its socket, whoever watches it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace h3::server {

/// Bytes to take from a socket. `result`: how many came; 0: the client has finished sending; negative: an
/// error of recv(2)'s, or -EAGAIN. Fewer than `room`: nothing more is here.
struct Receive {
  int socket;
  char* into;
  std::size_t room;
  ssize_t result;
};

/// Bytes for a client. `result`: how many were accepted; negative: an error of send(2)'s, or -EAGAIN.
struct Send {
  int socket;
  const char* from;
  std::size_t size;
  ssize_t result;
};

/// What a Reactor wakes.
class Pollable {
 public:
  /// `events`: EPOLLIN and friends. To be remembered: the time to work is the batch's end.
  virtual void onReady(std::uint32_t events) noexcept = 0;
  /// The client could not take these bytes, which a send() had accepted: they come before all others, after
  /// an EPOLLOUT. `bytes`: valid during the call.
  virtual void onReturned(std::string_view bytes) = 0;

 protected:
  ~Pollable() = default;
};

/// What runs around each batch of wake-ups.
class BatchOwner {
 public:
  virtual void beginBatch() noexcept = 0;
  /// Serves all that were woken.
  virtual void endBatch() noexcept = 0;
  /// Whether somebody has work to do without a new event.
  virtual bool hasWork() const noexcept = 0;

 protected:
  ~BatchOwner() = default;
};

/// The sockets of one worker: who has something to do, and the bytes.
///
/// Asio stays outermost, so post() from other threads, timers and coroutines work as ever; but a socket costs
/// no Asio operation, no handler memory and no extra receive per request. It is here that a worker waits, for
/// its sockets and for Asio's descriptors (SharedWait).
///
/// A socket is known by the number that add() gave, until close(). The calls that move bytes do so for many
/// sockets, each at most once, and none of them waits. Threads: one owner, the one that runs the io_context.
class Reactor {
 public:
  /// A send of more goes out at once, whatever the reactor. (Copying many bytes costs as much as a system
  /// call.)
  static constexpr std::size_t kMostDelayedBytes = 8 * 1024;

  virtual ~Reactor() = default;

  /// From now on the io_context's run() wakes connections. Throws boost::system::system_error.
  virtual void start() = 0;
  /// After run(): what was closed is closed for the clients too.
  virtual void stop() = 0;
  /// Takes in what has arrived, so that receive() gives it, without waking anybody.
  virtual void collect() noexcept = 0;

  /// Takes over a connected socket and wakes `pollable` by edges: after an event go on until EAGAIN.
  /// Throws boost::system::system_error, and the descriptor stays the caller's.
  virtual int add(int descriptor, Pollable& pollable) = 0;

  virtual void receive(std::span<Receive> wanted) noexcept = 0;
  /// What it accepts may go out only at the batch's end, unless it is large (kMostDelayedBytes); what cannot
  /// go out then is returned (Pollable::onReturned). After EAGAIN an EPOLLOUT follows.
  virtual void send(std::span<Send> offered) noexcept = 0;
  /// What send() accepted goes out now: what comes next may take long.
  virtual void flush() noexcept = 0;
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
