// Hooks of calls that open, copy and close descriptors. Each passes the call on, then records the result.
#include <fcntl.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "region/layout.hpp"
#include "shim/created_name.hpp"
#include "shim/file_locks.hpp"
#include "shim/next_function.hpp"
#include "shim/object_table.hpp"
#include "shim/resource_tables.hpp"

using namespace leakgate;
using namespace leakgate::shim;

namespace {

int noted(int descriptor, const CallerFrame& caller) noexcept {
  if (descriptor >= 0) noteDescriptor(descriptor, caller);
  return descriptor;
}

int notedPair(int result, const int* pair, const CallerFrame& caller) noexcept {
  if (result == 0) {
    noteDescriptor(pair[0], caller);
    noteDescriptor(pair[1], caller);
  }
  return result;
}

// `open` makes the call.
template <typename Open>
int notedOpen(int folder, const char* path, int flags, Open open, const CallerFrame& caller) noexcept {
  if ((flags & O_CREAT) == 0) return noted(open(), caller);
  NewName name(folder, path);
  const int descriptor = open();
  if (descriptor >= 0) name.madeBy(caller);
  return noted(descriptor, caller);
}

// `path`: the name chosen by the call.
int notedChosen(int descriptor, const char* path, const CallerFrame& caller) noexcept {
  if (descriptor >= 0) NewName::chosen(path, caller);
  return noted(descriptor, caller);
}

// Records what a call of fcntl() has opened or locked.
int notedControl(int result, int descriptor, int command, const void* argument,
                 const CallerFrame& caller) noexcept {
  switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return noted(result, caller);
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW: {
      if (result != 0) return result;
      const auto& wanted = *static_cast<const struct flock*>(argument);
      const LockedRange range{static_cast<uint64_t>(wanted.l_start), static_cast<uint64_t>(wanted.l_len)};
      if (wanted.l_type == F_UNLCK)
        forgetLock(descriptor, range);
      else
        noteLock(descriptor, range, caller);
      return result;
    }
    default:
      return result;
  }
}

bool takesMode(int flags) noexcept { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

}  // namespace

// The last, variadic argument of open, and of fcntl, which takes an int or a pointer: one register either
// way.
#define LEAKGATE_MODE(flags, mode) \
  mode_t mode = 0;                 \
  if (takesMode(flags)) {          \
    va_list rest;                  \
    va_start(rest, flags);         \
    mode = va_arg(rest, mode_t);   \
    va_end(rest);                  \
  }

LEAKGATE_HOOK(int, open, const char* path, int flags, ...) {
  LEAKGATE_MODE(flags, mode)
  return notedOpen(
      AT_FDCWD, path, flags, [&] { return LEAKGATE_NEXT(open)(path, flags, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, open64, const char* path, int flags, ...) {
  LEAKGATE_MODE(flags, mode)
  return notedOpen(
      AT_FDCWD, path, flags, [&] { return LEAKGATE_NEXT(open64)(path, flags, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, openat, int folder, const char* path, int flags, ...) {
  LEAKGATE_MODE(flags, mode)
  return notedOpen(
      folder, path, flags, [&] { return LEAKGATE_NEXT(openat)(folder, path, flags, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, openat64, int folder, const char* path, int flags, ...) {
  LEAKGATE_MODE(flags, mode)
  return notedOpen(
      folder, path, flags, [&] { return LEAKGATE_NEXT(openat64)(folder, path, flags, mode); },
      LEAKGATE_CALLER);
}
// The four above under _FORTIFY_SOURCE.
LEAKGATE_HOOK(int, __open_2, const char* path, int flags) {
  return noted(LEAKGATE_NEXT(__open_2)(path, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, __open64_2, const char* path, int flags) {
  return noted(LEAKGATE_NEXT(__open64_2)(path, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, __openat_2, int folder, const char* path, int flags) {
  return noted(LEAKGATE_NEXT(__openat_2)(folder, path, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, __openat64_2, int folder, const char* path, int flags) {
  return noted(LEAKGATE_NEXT(__openat64_2)(folder, path, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, creat, const char* path, mode_t mode) {
  return notedOpen(
      AT_FDCWD, path, O_CREAT, [&] { return LEAKGATE_NEXT(creat)(path, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, creat64, const char* path, mode_t mode) {
  return notedOpen(
      AT_FDCWD, path, O_CREAT, [&] { return LEAKGATE_NEXT(creat64)(path, mode); }, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkstemp, char* path) {
  return notedChosen(LEAKGATE_NEXT(mkstemp)(path), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkstemp64, char* path) {
  return notedChosen(LEAKGATE_NEXT(mkstemp64)(path), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkostemp, char* path, int flags) {
  return notedChosen(LEAKGATE_NEXT(mkostemp)(path, flags), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkostemp64, char* path, int flags) {
  return notedChosen(LEAKGATE_NEXT(mkostemp64)(path, flags), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkstemps, char* path, int ending) {
  return notedChosen(LEAKGATE_NEXT(mkstemps)(path, ending), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkstemps64, char* path, int ending) {
  return notedChosen(LEAKGATE_NEXT(mkstemps64)(path, ending), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkostemps, char* path, int ending, int flags) {
  return notedChosen(LEAKGATE_NEXT(mkostemps)(path, ending, flags), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, mkostemps64, char* path, int ending, int flags) {
  return notedChosen(LEAKGATE_NEXT(mkostemps64)(path, ending, flags), path, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, shm_open, const char* name, int flags, mode_t mode) {
  return notedOpen(
      AT_FDCWD, sharedMemoryPath(name).text(), flags,
      [&] { return LEAKGATE_NEXT(shm_open)(name, flags, mode); }, LEAKGATE_CALLER);
}
// A message queue's handle is a descriptor. Mode and attributes are passed with O_CREAT only.
LEAKGATE_HOOK(int, mq_open, const char* name, int flags, ...) {
  mode_t mode = 0;
  void* attributes = nullptr;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    attributes = va_arg(rest, void*);
    va_end(rest);
  }
  const int queue = LEAKGATE_NEXT(mq_open)(name, flags, mode, attributes);
  if (queue >= 0 && (flags & O_CREAT) != 0)
    noteObject(layout::kResourcePosixQueue, numberOfName(name), 0, LEAKGATE_CALLER);
  return noted(queue, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, __mq_open_2, const char* name, int flags) {
  return noted(LEAKGATE_NEXT(__mq_open_2)(name, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, posix_openpt, int flags) {
  return noted(LEAKGATE_NEXT(posix_openpt)(flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, pidfd_open, pid_t process, unsigned flags) {
  return noted(LEAKGATE_NEXT(pidfd_open)(process, flags), LEAKGATE_CALLER);
}

LEAKGATE_HOOK(int, socket, int domain, int type, int protocol) {
  return noted(LEAKGATE_NEXT(socket)(domain, type, protocol), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, socketpair, int domain, int type, int protocol, int* pair) {
  return notedPair(LEAKGATE_NEXT(socketpair)(domain, type, protocol, pair), pair, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, accept, int socket, sockaddr* address, socklen_t* length) {
  return noted(LEAKGATE_NEXT(accept)(socket, address, length), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, accept4, int socket, sockaddr* address, socklen_t* length, int flags) {
  return noted(LEAKGATE_NEXT(accept4)(socket, address, length, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, pipe, int* pair) { return notedPair(LEAKGATE_NEXT(pipe)(pair), pair, LEAKGATE_CALLER); }
LEAKGATE_HOOK(int, pipe2, int* pair, int flags) {
  return notedPair(LEAKGATE_NEXT(pipe2)(pair, flags), pair, LEAKGATE_CALLER);
}

LEAKGATE_HOOK(int, epoll_create, int size) {
  return noted(LEAKGATE_NEXT(epoll_create)(size), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, epoll_create1, int flags) {
  return noted(LEAKGATE_NEXT(epoll_create1)(flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, epoll_ctl, int instance, int operation, int descriptor, void* event) {
  const int error = LEAKGATE_NEXT(epoll_ctl)(instance, operation, descriptor, event);
  if (error != 0) return error;
  if (operation == EPOLL_CTL_ADD) noteRegistration(descriptor, LEAKGATE_CALLER);
  if (operation == EPOLL_CTL_DEL) forgetRegistration(descriptor, LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, eventfd, unsigned value, int flags) {
  return noted(LEAKGATE_NEXT(eventfd)(value, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, timerfd_create, int clock, int flags) {
  return noted(LEAKGATE_NEXT(timerfd_create)(clock, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, signalfd, int descriptor, const void* signals, int flags) {
  return noted(LEAKGATE_NEXT(signalfd)(descriptor, signals, flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, inotify_init, void) { return noted(LEAKGATE_NEXT(inotify_init)(), LEAKGATE_CALLER); }
LEAKGATE_HOOK(int, inotify_init1, int flags) {
  return noted(LEAKGATE_NEXT(inotify_init1)(flags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, fanotify_init, unsigned flags, unsigned eventFlags) {
  return noted(LEAKGATE_NEXT(fanotify_init)(flags, eventFlags), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, memfd_create, const char* name, unsigned flags) {
  return noted(LEAKGATE_NEXT(memfd_create)(name, flags), LEAKGATE_CALLER);
}

LEAKGATE_HOOK(int, dup, int descriptor) { return noted(LEAKGATE_NEXT(dup)(descriptor), LEAKGATE_CALLER); }
LEAKGATE_HOOK(int, dup2, int from, int to) {
  const int result = LEAKGATE_NEXT(dup2)(from, to);
  return from == to ? result : noted(result, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, dup3, int from, int to, int flags) {
  return noted(LEAKGATE_NEXT(dup3)(from, to, flags), LEAKGATE_CALLER);
}

#define LEAKGATE_FCNTL(name)                                                     \
  LEAKGATE_HOOK(int, name, int descriptor, int command, ...) {                   \
    va_list rest;                                                                \
    va_start(rest, command);                                                     \
    void* argument = va_arg(rest, void*);                                        \
    va_end(rest);                                                                \
    const int result = LEAKGATE_NEXT(name)(descriptor, command, argument);       \
    return notedControl(result, descriptor, command, argument, LEAKGATE_CALLER); \
  }
LEAKGATE_FCNTL(fcntl)
LEAKGATE_FCNTL(fcntl64)

LEAKGATE_HOOK(int, close, int descriptor) {
  forgetDescriptor(descriptor, LEAKGATE_CALLER);
  return LEAKGATE_NEXT(close)(descriptor);
}
LEAKGATE_HOOK(int, mq_close, int queue) {
  forgetDescriptor(queue, LEAKGATE_CALLER);
  return LEAKGATE_NEXT(mq_close)(queue);
}
LEAKGATE_HOOK(int, close_range, unsigned first, unsigned last, int flags) {
  constexpr int kCloseOnExec = 1 << 2;  // CLOSE_RANGE_CLOEXEC: nothing is closed now
  if ((flags & kCloseOnExec) == 0) forgetDescriptors(first, last, LEAKGATE_CALLER);
  return LEAKGATE_NEXT(close_range)(first, last, flags);
}
LEAKGATE_HOOK(void, closefrom, int first) {
  if (first >= 0) forgetDescriptors(static_cast<unsigned>(first), ~0u, LEAKGATE_CALLER);
  LEAKGATE_NEXT(closefrom)(first);
}
