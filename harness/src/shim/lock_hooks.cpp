// Locks on files. Those of fcntl() are in descriptor_hooks.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/types.h>
#include <unistd.h>

#include "shim/errno_keeper.hpp"
#include "shim/file_locks.hpp"
#include "shim/next_function.hpp"

using namespace leakgate::shim;

namespace {

// lockf() counts from the current position in the file.
LockedRange rangeFrom(int descriptor, off_t length) noexcept {
  ErrnoKeeper keeper;
  return {static_cast<uint64_t>(lseek(descriptor, 0, SEEK_CUR)), static_cast<uint64_t>(length)};
}

int noted(int error, int descriptor, int command, off_t length, const CallerFrame& caller) noexcept {
  if (error != 0) return error;
  if (command == F_LOCK || command == F_TLOCK) noteLock(descriptor, rangeFrom(descriptor, length), caller);
  if (command == F_ULOCK) forgetLock(descriptor, rangeFrom(descriptor, length));
  return error;
}

}  // namespace

LEAKGATE_HOOK(int, flock, int descriptor, int operation) {
  const int error = LEAKGATE_NEXT(flock)(descriptor, operation);
  if (error != 0) return error;
  if ((operation & LOCK_UN) != 0)
    forgetLock(descriptor, kByFlock);
  else
    noteLock(descriptor, kByFlock, LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, lockf, int descriptor, int command, off_t length) {
  return noted(LEAKGATE_NEXT(lockf)(descriptor, command, length), descriptor, command, length,
               LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, lockf64, int descriptor, int command, off_t length) {
  return noted(LEAKGATE_NEXT(lockf64)(descriptor, command, length), descriptor, command, length,
               LEAKGATE_CALLER);
}
