#include "replay/tcp_sockets.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "replay/descriptor.hpp"

namespace leakgate {
namespace {

constexpr std::uint32_t kAllStates = 0xFFF;

struct DumpRequest {
  nlmsghdr header{};
  inet_diag_req_v2 body{};
};

DumpRequest dumpOf(std::uint8_t family, std::uint16_t port) {
  DumpRequest request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = family;
  request.body.sdiag_protocol = IPPROTO_TCP;
  request.body.idiag_states = kAllStates & ~(1U << static_cast<unsigned>(TcpState::timeWait));
  request.body.id.idiag_sport = htons(port);
  return request;
}

enum class Part { more, last, refused };

// One datagram of the dump.
Part addMessages(TcpSockets& sockets, const void* datagram, std::size_t size, std::uint16_t port) {
  const auto* message = static_cast<const nlmsghdr*>(datagram);
  for (auto left = static_cast<unsigned>(size); NLMSG_OK(message, left);
       message = NLMSG_NEXT(message, left)) {
    if (message->nlmsg_type == NLMSG_DONE) return Part::last;
    if (message->nlmsg_type == NLMSG_ERROR) return Part::refused;
    const auto* socket = static_cast<const inet_diag_msg*>(NLMSG_DATA(message));
    if (socket->id.idiag_sport == htons(port) && socket->idiag_inode != 0)
      sockets[socket->idiag_inode] = TcpState{socket->idiag_state};
  }
  return Part::more;
}

// False when the kernel does not support such requests.
bool addDump(TcpSockets& sockets, int netlink, std::uint8_t family, std::uint16_t port) {
  const DumpRequest request = dumpOf(family, port);
  if (::send(netlink, &request, sizeof request, 0) != static_cast<ssize_t>(sizeof request)) return false;
  alignas(nlmsghdr) std::array<char, 32768> datagram;
  for (;;) {
    const ssize_t size = ::recv(netlink, datagram.data(), datagram.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    const Part part = addMessages(sockets, datagram.data(), static_cast<std::size_t>(size), port);
    if (part != Part::more) return part == Part::last;
  }
}

bool addByDiag(TcpSockets& sockets, std::uint16_t port) {
  const Descriptor netlink(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  return netlink.get() >= 0 && addDump(sockets, netlink.get(), AF_INET, port) &&
         addDump(sockets, netlink.get(), AF_INET6, port);
}

// "  sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode"
void addTable(TcpSockets& sockets, const std::filesystem::path& table, std::optional<std::uint16_t> port) {
  std::ifstream in(table);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string slot, local, remote, state, skipped;
    std::uint64_t inode = 0;
    words >> slot >> local >> remote >> state >> skipped >> skipped >> skipped >> skipped >> skipped >> inode;
    const auto colon = local.rfind(':');
    unsigned localPort = 0;
    unsigned stateNumber = 0;
    if (!words || colon == std::string::npos) continue;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), localPort, 16);
    std::from_chars(state.data(), state.data() + state.size(), stateNumber, 16);
    if (inode == 0 || (port && localPort != *port)) continue;
    const TcpState socketState{static_cast<std::uint8_t>(stateNumber)};
    if (socketState != TcpState::timeWait) sockets[inode] = socketState;
  }
}

TcpSockets tablesOf(const std::filesystem::path& proc, std::optional<std::uint16_t> port) {
  TcpSockets sockets;
  for (const char* table : {"net/tcp", "net/tcp6"}) addTable(sockets, proc / table, port);
  return sockets;
}

}  // namespace

std::string_view toString(TcpState state) {
  constexpr std::array<std::string_view, 12> kNames{"",           "ESTABLISHED", "SYN_SENT",  "SYN_RECV",
                                                    "FIN_WAIT1",  "FIN_WAIT2",   "TIME_WAIT", "CLOSE",
                                                    "CLOSE_WAIT", "LAST_ACK",    "LISTEN",    "CLOSING"};
  const auto number = static_cast<std::size_t>(state);
  return number < kNames.size() ? kNames[number] : std::string_view();
}

std::uint64_t socketInode(std::string_view link) {
  constexpr std::string_view kStart = "socket:[";
  std::uint64_t inode = 0;
  if (link.starts_with(kStart))
    std::from_chars(link.data() + kStart.size(), link.data() + link.size(), inode);
  return inode;
}

TcpSockets tcpSocketsOf(std::uint16_t port, const std::filesystem::path& proc) {
  TcpSockets sockets;
  if (proc == "/proc" && addByDiag(sockets, port)) return sockets;
  return tablesOf(proc, port);
}

TcpSockets tcpSocketsIn(const std::filesystem::path& proc) { return tablesOf(proc, std::nullopt); }

}  // namespace leakgate
