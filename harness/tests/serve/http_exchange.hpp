// One request to a server on this machine, byte by byte as written.
#pragma once

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "replay/loopback.hpp"

namespace leakgate::test {

/// Sends `request` and returns all that comes until the server closes the connection.
inline std::string exchanged(std::uint16_t port, const std::string& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopbackAddress(port);
  REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size()));
  std::string response;
  char buffer[16'384];
  for (ssize_t got = 0; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
    response.append(buffer, static_cast<std::size_t>(got));
  ::close(socket);
  return response;
}

/// "HTTP/1.1 200 OK" of a response.
inline std::string statusOf(const std::string& response) { return response.substr(0, response.find('\r')); }

/// The value of a field; "" without it.
inline std::string fieldOf(const std::string& response, const std::string& name) {
  const auto at = response.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 4;
  return response.substr(from, response.find('\r', from) - from);
}

inline std::string bodyOf(const std::string& response) {
  return response.substr(response.find("\r\n\r\n") + 4);
}

}  // namespace leakgate::test
