// The socket of a connection of the load: how it is made, watched and closed.
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
    noPort,  ///< all client ports are in use for now
    failed   ///< errno says why
  };

  explicit ClientSocket(int epoll) : epoll_(epoll) {}

  /// Starts connecting, and watches for the connection and for input. `owner` is delivered with its events.
  /// smallWindow: the client takes little at a time.
  Connect connect(std::uint16_t port, bool smallWindow, void* owner);

  /// The result of connecting: an errno; 0 when connected.
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
