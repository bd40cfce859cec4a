// The sockets of one worker on io_uring. ring_reactor.cpp: operations of connections; ring_completions.cpp:
// reports of the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "server/provided_buffers.hpp"
#include "server/reactor.hpp"
#include "server/ring.hpp"
#include "server/shared_wait.hpp"
#include "server/system_calls.hpp"

namespace h3::server {

/// Receives into provided buffers by one multishot operation per socket, and sends a batch's responses with
/// one system call.
///
/// Connections are driven by readiness, so completions are reported as readiness:
///
///     arrived          -> EPOLLIN; receive() copies out of the buffers
///     no buffer left   -> EPOLLIN; receive() reads the socket itself, and starts the operation again
///     send()           -> accepted: a copy goes out at the batch's end; what does not is returned
///     socket full      -> watched; EPOLLOUT when there is room
///     receiving ended  -> watched; EPOLLHUP when the client has left
///
/// A send never waits in the kernel (MSG_DONTWAIT): it has ended when its entry is submitted. Only a partial
/// send has a completion, so the copies stay until all entries have been submitted and all completions taken:
/// that is a round of sends. A closed socket's number is reused only after the last completion of its pending
/// operations. Threads: created on any, then the one of start(). Errors: see Ring.
class RingReactor final : public Reactor, private SocketPoller {
 public:
  /// `wait` must outlive it.
  RingReactor(SharedWait& wait, BatchListener& owner);
  ~RingReactor() override;

  void start() override;
  void stop() override;
  void collect() noexcept override;

  int add(int descriptor, Pollable& pollable) override;
  void receive(std::span<Receive> wanted) noexcept override;
  void send(std::span<Send> offered) noexcept override;
  void flush() noexcept override { ring_.submit(); }
  bool allSent(int socket) override;
  void shutdownSend(int socket) override;
  int unacknowledgedBytes(int socket) override;
  void dropUnsent(int socket) override { resetOnClose(at(socket).descriptor); }
  void close(int socket) override;

 private:
  enum Operation : std::uint8_t { kReceive, kSend, kWatch, kClose, kCancel, kWatchAsio };
  static constexpr unsigned kOperationBits = 3;

  /// A completion carries it: | socket number | operation (kOperationBits) |
  static std::uint64_t tagOf(int number, Operation operation) {
    return static_cast<std::uint64_t>(number) << kOperationBits | operation;
  }

  struct Socket {
    Pollable* pollable = nullptr;  ///< null: closed
    int descriptor = -1;
    int error = 0;  ///< that ended receiving
    std::uint32_t events = 0;
    HeldBytes held;
    std::string_view sending;     ///< its bytes in sendBuffer_ in sendRound
    std::uint64_t sendRound = 0;  ///< in which it last sent
    std::uint8_t underWay = 0;    ///< a bit for each Operation that will complete
    bool awaitsSent = false;      ///< needs an EPOLLOUT when the round has ended
    bool pausing = false;         ///< its receive is being cancelled
    bool ended = false;           ///< the client has finished sending
    bool left = false;            ///< the client is gone
    bool queued = false;          ///< in ready_

    bool has(Operation operation) const { return (underWay & bit(operation)) != 0; }
    static std::uint8_t bit(Operation operation) { return static_cast<std::uint8_t>(1U << operation); }
  };

  Socket& at(int number) { return sockets_[static_cast<std::size_t>(number)]; }
  void begin(io_uring_sqe& entry, int number, Operation operation);
  /// Whether enter() would do something. A round of sends may have been submitted already, and still has to
  /// end.
  bool hasWork() const { return ring_.hasWork() || sendBufferBytes_ != 0; }
  bool isSending(const Socket& socket) const { return socket.sendRound == sendRound_; }
  void endSendRound();
  void beginReceive(int number);
  void watch(int number);
  void cancel(int number, Operation operation);
  void watchAsio();
  void enter(bool mayWait);
  void onCompletion(const io_uring_cqe& completion);
  void onReceived(int number, const io_uring_cqe& completion);
  void onNotSent(int number, int result);
  void onWatched(int number, int result);
  void raise(int number, std::uint32_t events);
  void wakeReady();
  void settleReady();
  void settle(int number);
  int takeNumber();
  ssize_t receiveSome(const Receive& wanted);
  ssize_t receiveDirectly(int number, char* into, std::size_t room);
  ssize_t sendSome(int number, std::string_view bytes);
  ssize_t sendDirectly(int number, std::string_view bytes);
  bool takeTurn(bool mayWait) override;

  SharedWait& wait_;
  BatchListener& owner_;
  ProvidedBuffers buffers_;
  Ring ring_;
  std::vector<Socket> sockets_;
  std::vector<int> freeNumbers_;
  std::vector<int> ready_;
  std::unique_ptr<char[]> sendBuffer_;  ///< copies of the bytes of pending sends
  std::size_t sendBufferBytes_ = 0;
  std::uint64_t sendRound_ = 1;
  std::vector<int> awaitingSent_;
  std::size_t closing_ = 0;
  bool started_ = false;
  bool asioWatched_ = false;  ///< a completion is pending
};

}  // namespace h3::server
