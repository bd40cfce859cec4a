// The TCP sockets of a port on this machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>

namespace leakgate {

/// By the inode of the socket: whether it listens.
using TcpSockets = std::map<std::uint64_t, bool>;

/// The sockets of this network namespace whose local port is `port`, without those in TIME_WAIT, which belong
/// to no process. Asks the kernel by sock_diag(7), 4 ms for any number of sockets; where that is not built
/// in, reads `proc`/net/tcp and tcp6, which takes ten times as long. Errors: none; what cannot be read is
/// left out. Threads: any.
TcpSockets tcpSocketsOf(std::uint16_t port, const std::filesystem::path& proc = "/proc");

}  // namespace leakgate
