// The TCP sockets of a port on this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>

namespace leakgate {

/// Of include/net/tcp_states.h.
enum class TcpState : std::uint8_t { timeWait = 6, listen = 10 };

/// By the inode of the socket.
using TcpSockets = std::map<std::uint64_t, TcpState>;

/// "ESTABLISHED"; "" for an unknown number.
std::string_view toString(TcpState state);

/// Of a descriptor's link: "socket:[12345]" -> 12345; 0 for anything else.
std::uint64_t socketInode(std::string_view link);

/// The sockets of this network namespace whose local port is `port`, without those in TIME_WAIT, which belong
/// to no process. Uses sock_diag(7), which takes 4 ms for any number of sockets; if the kernel lacks it,
/// reads `proc`/net/tcp and tcp6, which takes ten times as long. Errors: none; what cannot be read is left
/// out. Threads: any.
TcpSockets tcpSocketsOf(std::uint16_t port, const std::filesystem::path& proc = "/proc");

/// All sockets in `proc`/net/tcp and tcp6 that belong to a process, of any port: /proc/PID has those of the
/// process's network namespace.
TcpSockets tcpSocketsIn(const std::filesystem::path& proc);

}  // namespace leakgate
