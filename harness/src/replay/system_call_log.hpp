// Reads the log of strace -f -ttt.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace leakgate {

/// One kind of system call.
struct SystemCallCount {
  std::string name;          ///< "epoll_wait"
  std::uint64_t calls = 0;   ///< that began
  std::uint64_t failed = 0;  ///< that returned an error: EAGAIN of a socket that is not ready, too

  friend bool operator==(const SystemCallCount&, const SystemCallCount&) = default;
};

/// Counts what happened from `fromNs` on and before `toNs`, nanoseconds since 1970, in all threads and processes; the
/// most frequent first. Lines that are no system calls (signals, exits, one that is cut) are skipped. Source: strace(1),
/// "-f" and "<unfinished ...>".
std::vector<SystemCallCount> countSystemCalls(std::istream& log, std::uint64_t fromNs, std::uint64_t toNs);

}  // namespace leakgate
