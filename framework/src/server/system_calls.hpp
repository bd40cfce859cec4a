// The system calls of the request path, without glibc's cancellation points.
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace h3::server {

// In a process with threads glibc's recv(), send() and epoll_wait() each do two atomic operations for
// pthread_cancel(), which must not be used here: about 45 instructions a call. And if a system call empties
// the TLB, each page touched next costs a walk through the page tables; so on the one architecture where this
// was measured, the call does not go through libc at all (doc/adr/0012).

/// Negative: minus the error.
inline long systemCall(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__) && defined(__LP64__)
  long result = number;
  register long fourth asm("r10") = d;
  register long fifth asm("r8") = e;
  register long sixth asm("r9") = f;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
               : "rcx", "r11", "memory");
  return result;
#else
  const long result = ::syscall(number, a, b, c, d, e, f);
  return result < 0 ? -errno : result;
#endif
}

/// Negative: minus the error.
inline ssize_t receiveBytes(int socket, char* to, std::size_t room) {
  return systemCall(SYS_recvfrom, socket, reinterpret_cast<long>(to), static_cast<long>(room), 0, 0, 0);
}

/// Without SIGPIPE. Negative: minus the error.
inline ssize_t sendBytes(int socket, const char* from, std::size_t size) {
  return systemCall(SYS_sendto, socket, reinterpret_cast<long>(from), static_cast<long>(size), MSG_NOSIGNAL,
                    0, 0);
}

/// close() will send an RST and drop what is unsent.
inline void resetOnClose(int socket) {
  constexpr linger kNow{1, 0};
  (void)::setsockopt(socket, SOL_SOCKET, SO_LINGER, &kNow, sizeof kNow);
}

/// `timeoutMs`: negative: forever. Negative result: minus the error.
inline int waitForEvents(int set, epoll_event* events, int room, int timeoutMs) {
  return static_cast<int>(
      systemCall(SYS_epoll_pwait, set, reinterpret_cast<long>(events), room, timeoutMs, 0, 0));
}

}  // namespace h3::server
