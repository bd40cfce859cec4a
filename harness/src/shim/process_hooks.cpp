// Children: recorded when they are made, removed when they are waited for. vfork returns twice on one stack,
// so it cannot be hooked.
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "region/layout.hpp"
#include "shim/next_function.hpp"
#include "shim/object_table.hpp"

using namespace leakgate;
using namespace leakgate::shim;

namespace {

pid_t noted(pid_t child, const CallerFrame& caller) noexcept {
  if (child > 0) noteObject(layout::kResourceProcess, static_cast<uint64_t>(child), 0, caller);
  return child;
}

int notedSpawn(int error, const pid_t& child, pid_t* wanted, const CallerFrame& caller) noexcept {
  if (error != 0) return error;
  if (wanted != nullptr) *wanted = child;
  noted(child, caller);
  return 0;
}

// A child that has stopped or continued still exists.
pid_t waitedFor(pid_t child, int status) noexcept {
  if (child > 0 && (WIFEXITED(status) || WIFSIGNALED(status)))
    forgetObject(layout::kResourceProcess, static_cast<uint64_t>(child));
  return child;
}

bool hasEnded(const siginfo_t& info) noexcept {
  return info.si_pid > 0 &&
         (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
}

}  // namespace

LEAKGATE_HOOK(pid_t, fork, void) { return noted(LEAKGATE_NEXT(fork)(), LEAKGATE_CALLER); }
LEAKGATE_HOOK(pid_t, _Fork, void) { return noted(LEAKGATE_NEXT(_Fork)(), LEAKGATE_CALLER); }
LEAKGATE_HOOK(pid_t, forkpty, int* master, char* name, const void* terminal, const void* size) {
  return noted(LEAKGATE_NEXT(forkpty)(master, name, terminal, size), LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, posix_spawn, pid_t* child, const char* path, const void* actions, const void* attributes,
              char* const* arguments, char* const* environment) {
  pid_t made = 0;
  const int error = LEAKGATE_NEXT(posix_spawn)(&made, path, actions, attributes, arguments, environment);
  return notedSpawn(error, made, child, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, posix_spawnp, pid_t* child, const char* file, const void* actions, const void* attributes,
              char* const* arguments, char* const* environment) {
  pid_t made = 0;
  const int error = LEAKGATE_NEXT(posix_spawnp)(&made, file, actions, attributes, arguments, environment);
  return notedSpawn(error, made, child, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, clone, int (*run)(void*), void* stack, int flags, void* argument, ...) {
  va_list rest;
  va_start(rest, argument);
  pid_t* const parentTid = va_arg(rest, pid_t*);
  void* const tls = va_arg(rest, void*);
  pid_t* const childTid = va_arg(rest, pid_t*);
  va_end(rest);
  const int made = LEAKGATE_NEXT(clone)(run, stack, flags, argument, parentTid, tls, childTid);
  return (flags & CLONE_THREAD) != 0 ? made : noted(made, LEAKGATE_CALLER);
}

LEAKGATE_HOOK(pid_t, wait, int* status) {
  int got = 0;
  const pid_t child = LEAKGATE_NEXT(wait)(&got);
  if (status != nullptr && child > 0) *status = got;
  return waitedFor(child, got);
}
LEAKGATE_HOOK(pid_t, waitpid, pid_t wanted, int* status, int options) {
  int got = 0;
  const pid_t child = LEAKGATE_NEXT(waitpid)(wanted, &got, options);
  if (status != nullptr && child > 0) *status = got;
  return waitedFor(child, got);
}
LEAKGATE_HOOK(pid_t, wait3, int* status, int options, rusage* usage) {
  int got = 0;
  const pid_t child = LEAKGATE_NEXT(wait3)(&got, options, usage);
  if (status != nullptr && child > 0) *status = got;
  return waitedFor(child, got);
}
LEAKGATE_HOOK(pid_t, wait4, pid_t wanted, int* status, int options, rusage* usage) {
  int got = 0;
  const pid_t child = LEAKGATE_NEXT(wait4)(wanted, &got, options, usage);
  if (status != nullptr && child > 0) *status = got;
  return waitedFor(child, got);
}
LEAKGATE_HOOK(int, waitid, idtype_t type, id_t wanted, siginfo_t* info, int options) {
  siginfo_t got{};
  siginfo_t* const to = info != nullptr ? info : &got;
  const int error = LEAKGATE_NEXT(waitid)(type, wanted, to, options);
  if (error == 0 && (options & WNOWAIT) == 0 && hasEnded(*to))
    forgetObject(layout::kResourceProcess, static_cast<uint64_t>(to->si_pid));
  return error;
}
