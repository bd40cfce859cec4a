// The system calls of the request path, without glibc's cancellation points.
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <string_view>

namespace h3::server {

// In a process with threads glibc's recv(), send() and epoll_wait() each do two atomic operations for
// pthread_cancel(), which nobody may use here: about 45 instructions a call. Results and errno are the same.

inline ssize_t receiveBytes(int socket, char* to, std::size_t room) {
  return ::syscall(SYS_recvfrom, socket, to, room, 0, nullptr, nullptr);
}

/// Without SIGPIPE.
inline ssize_t sendBytes(int socket, std::string_view bytes) {
  return ::syscall(SYS_sendto, socket, bytes.data(), bytes.size(), MSG_NOSIGNAL, nullptr, 0);
}

/// Does not wait.
inline int readyEvents(int set, epoll_event* events, int room) {
  return static_cast<int>(::syscall(SYS_epoll_pwait, set, events, room, 0, nullptr, 0));
}

}  // namespace h3::server
