// The socket of a connection of the load: how it is made, what it is watched for, and how it ends.
#pragma once

#include <cstdint>

#include "replay/descriptor.hpp"

namespace leakgate {

/// A non-blocking socket to 127.0.0.1 in an epoll set, or none. Threads: one.
class ClientSocket {
 public:
  enum class Connect {
    made,
    underWay,
    noPort,  ///< of the client's, for now: all are in use
    failed   ///< errno says why
  };

  explicit ClientSocket(int epoll) : epoll_(epoll) {}

  /// Begins a connection and watches it for what arrives, and until it is made. `owner` comes with its
  /// events. smallWindow: the client takes little at a time.
  Connect connect(std::uint16_t port, bool smallWindow, void* owner);

  /// How a connection that was under way has ended: an errno; 0 when it is made.
  int connectError() const;

  bool isWritable() const;
  void watch(bool readable, bool writable);

  /// The next close() sends RST instead of FIN.
  void abortAtClose();
  void close() { socket_.reset(); }

  int get() const { return socket_.get(); }

 private:
  int epoll_;
  void* owner_ = nullptr;
  Descriptor socket_;
  std::uint32_t watched_ = 0;
};

}  // namespace leakgate
