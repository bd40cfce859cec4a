// Finds the processes that hold the sockets of a TCP port on this machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace leakgate {

/// A process with an open socket on the given local port.
struct PortOwner {
  pid_t pid = 0;         ///< 0: no readable process holds the socket
  bool listens = false;  ///< it holds a listening socket
  bool serves = false;   ///< it holds an accepted connection
};

/// Looks for the port's sockets (tcp_sockets.hpp) among the descriptors. First in the `likely` processes,
/// then, while a socket has no owner, in all readable ones: a machine has thousands of descriptors. Sorted by
/// pid. Errors: none; a listening socket without a readable owner belongs to process 0, other such sockets
/// are left out.
std::vector<PortOwner> ownersOfPort(std::uint16_t port, const std::set<pid_t>& likely = {},
                                    const std::filesystem::path& proc = "/proc");

/// Whether the process has this file mapped; nothing when its mappings cannot be read.
std::optional<bool> mapsFile(pid_t pid, const std::filesystem::path& file,
                             const std::filesystem::path& proc = "/proc");

/// Why the shim is probably not in this process, and what to do: one clause for a message.
std::string whyNotPreloaded(pid_t pid, const std::filesystem::path& proc = "/proc");

}  // namespace leakgate
