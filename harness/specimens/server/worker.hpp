// One thread of the server: its listening socket, its connections, its handler.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "specimen_server.hpp"

namespace specimen {

/// Closes a descriptor at the end of its scope.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }
  int get() const noexcept { return fd_; }
  bool open() const noexcept { return fd_ >= 0; }
  void close() noexcept;

 private:
  int release() noexcept { return std::exchange(fd_, -1); }
  int fd_ = -1;
};

/// Level-triggered epoll over one listener and at most kConnectionsMax connections; more are closed
/// immediately.
///
/// Errors: the constructor throws std::system_error when the port is taken.
class Worker {
 public:
  static constexpr std::size_t kConnectionsMax = 128;

  /// `stopFd` becomes readable when the server is to end; it is borrowed.
  Worker(std::uint16_t port, int stopFd, Handler handler);
  void run();

 private:
  struct Connection {
    Descriptor socket;
    std::size_t filled = 0;
    std::unique_ptr<char[]> input;
  };

  void watch(int fd, std::uint32_t key);
  void accept();
  void receive(Connection& connection);
  /// Responds to every whole request in the buffer. False when the connection must be closed.
  bool respondToAll(Connection& connection);
  void appendResponse(const Response& response, bool keepAlive);
  bool sendOutput(int fd);

  Handler handler_;
  Descriptor listener_;
  Descriptor epoll_;
  std::array<Connection, kConnectionsMax> connections_;
  std::string output_;
};

}  // namespace specimen
