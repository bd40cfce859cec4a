#include "replay/tcp_sockets.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <vector>

#include "replay/descriptor.hpp"
#include "replay/loopback.hpp"
#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

constexpr TcpState kEstablished{1};
constexpr int kMany = 500;  // more than one datagram holds

std::uint64_t inodeOf(const Descriptor& socket) {
  struct stat info {};
  REQUIRE(::fstat(socket.get(), &info) == 0);
  return info.st_ino;
}

Descriptor connectTo(std::uint16_t port) {
  Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopbackAddress(port);
  REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return client;
}

}  // namespace

TEST_CASE("the listener and the connections of a port, by sock_diag and by the tables of /proc alike") {
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopbackAddress(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener.get(), generic, length) == 0);
  REQUIRE(::listen(listener.get(), 8) == 0);
  REQUIRE(::getsockname(listener.get(), generic, &length) == 0);
  const std::uint16_t port = ntohs(address.sin_port);

  TcpSockets expected{{inodeOf(listener), TcpState::listen}};
  CHECK(tcpSocketsOf(port) == expected);
  std::vector<Descriptor> ends;
  for (int k = 0; k < kMany; ++k) {
    ends.push_back(connectTo(port));
    ends.emplace_back(::accept(listener.get(), nullptr, nullptr));
    expected[inodeOf(ends.back())] = kEstablished;
  }
  CHECK(tcpSocketsOf(port) == expected);
  CHECK(tcpSocketsOf(port, "/proc/self") == expected);  // the tables: only /proc itself is asked by sock_diag
}

TEST_CASE("states have the kernel's names, and links of sockets a number") {
  CHECK(toString(kEstablished) == "ESTABLISHED");
  CHECK(toString(TcpState::listen) == "LISTEN");
  CHECK(toString(TcpState::timeWait) == "TIME_WAIT");
  CHECK(toString(TcpState{12}).empty());
  CHECK(socketInode("socket:[12345]") == 12345);
  CHECK(socketInode("pipe:[12345]") == 0);
  CHECK(socketInode("") == 0);
}
