// The sockets of one worker on epoll.
#pragma once

#include <span>

#include "server/reactor.hpp"
#include "server/shared_wait.hpp"
#include "server/system_calls.hpp"

namespace h3::server {

/// H3's own edge-triggered epoll set, with Asio's as one more descriptor in it.
///
/// A socket's number is its descriptor, and each call is the system call. Threads: one owner, the one that
/// runs the io_context.
class EpollReactor final : public Reactor, private SocketPoller {
 public:
  /// `wait` must outlive it. Throws boost::system::system_error.
  EpollReactor(SharedWait& wait, BatchListener& owner);
  ~EpollReactor() override;
  EpollReactor(const EpollReactor&) = delete;
  EpollReactor& operator=(const EpollReactor&) = delete;

  void start() override { wait_.start(*this); }
  void stop() override { wait_.stop(); }
  void collect() noexcept override {}

  int add(int descriptor, Pollable& pollable) override;
  void receive(std::span<Receive> wanted) noexcept override;
  void send(std::span<Send> offered) noexcept override;
  void flush() noexcept override {}
  bool allSent(int) override { return true; }
  void shutdownSend(int socket) override;
  int unacknowledgedBytes(int socket) override;
  void dropUnsent(int socket) override { resetOnClose(socket); }
  void close(int socket) override;

 private:
  void watch(int descriptor, std::uint32_t events, Pollable* pollable);
  bool takeTurn(bool mayWait) override;

  SharedWait& wait_;
  BatchListener& owner_;
  int set_;
};

}  // namespace h3::server
