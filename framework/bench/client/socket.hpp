// A blocking client socket, on TCP or on a unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

struct Address {
  std::uint16_t port = 0;  ///< on 127.0.0.1
  std::string unixPath;    ///< instead of the port
};

/// Errors: std::system_error from every function, a receive that finds the connection closed among them.
class Socket {
 public:
  explicit Socket(const Address& address);
  ~Socket();
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&&) = delete;

  void send(std::string_view bytes) const;
  /// At least one byte, appended.
  void receive(std::string& bytes) const;

 private:
  int socket_;
};

}  // namespace bench
