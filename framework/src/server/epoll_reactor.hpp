// The sockets of one worker on epoll.
#pragma once

#include <span>

#include "server/reactor.hpp"
#include "server/turns.hpp"

namespace h3::server {

/// An edge-triggered epoll set of our own, itself one descriptor in Asio's.
///
/// A socket's number is its descriptor, and each call is the system call. Threads: one owner, the one that
/// runs the io_context.
class EpollReactor final : public Reactor, private TurnTaker {
 public:
  /// `slot` must outlive the context. Throws boost::system::system_error.
  EpollReactor(boost::asio::io_context& context, HandlerSlot& slot, BatchOwner& owner);
  ~EpollReactor() override;
  EpollReactor(const EpollReactor&) = delete;
  EpollReactor& operator=(const EpollReactor&) = delete;

  void start() override { turns_.start(set_); }
  void stop() override {}
  void collect() override {}

  int add(int descriptor, Pollable& pollable) override;
  void receive(std::span<Receive> wanted) noexcept override;
  void send(std::span<Send> offered) noexcept override;
  void flush() noexcept override {}
  bool allSent(int) override { return true; }
  void shutdownSend(int socket) override;
  int unacknowledgedBytes(int socket) override;
  void close(int socket) override;

 private:
  bool takeTurn() override;

  BatchOwner& owner_;
  Turns turns_;
  int set_;
  unsigned turnsTaken_ = 0;
  bool askAgain_ = true;
  bool workLeft_ = false;  ///< the owner wants a batch even if no socket has an event
};

}  // namespace h3::server
