// Kernel objects that are not descriptors, and names in /dev/shm.
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/types.h>
#include <time.h>

#include "region/layout.hpp"
#include "shim/created_name.hpp"
#include "shim/next_function.hpp"
#include "shim/object_table.hpp"

using namespace leakgate;
using namespace leakgate::shim;

namespace {

// Small, unlike the numbers of names: see numberOfName().
uint64_t numberOfSystemV(int id) noexcept { return static_cast<uint64_t>(id) + 1; }

int notedSystemV(uint32_t kind, int id, key_t key, int flags, uint64_t bytes,
                 const CallerFrame& caller) noexcept {
  const bool makes = key == IPC_PRIVATE || (flags & IPC_CREAT) != 0;
  if (id >= 0 && makes) noteObject(kind, numberOfSystemV(id), bytes, caller);
  return id;
}

int removedSystemV(uint32_t kind, int id, int command, int result) noexcept {
  if (command == IPC_RMID && result == 0) forgetObject(kind, numberOfSystemV(id));
  return result;
}

PathText semaphorePath(const char* name) noexcept {
  PathText path;
  return path.append("/dev/shm/sem.").append(*name == '/' ? name + 1 : name);
}

}  // namespace

LEAKGATE_HOOK(int, inotify_add_watch, int instance, const char* path, uint32_t events) {
  const int watch = LEAKGATE_NEXT(inotify_add_watch)(instance, path, events);
  if (watch >= 0) noteObject(layout::kResourceWatch, pairedNumber(instance, watch), 0, LEAKGATE_CALLER);
  return watch;
}
LEAKGATE_HOOK(int, inotify_rm_watch, int instance, int watch) {
  const int error = LEAKGATE_NEXT(inotify_rm_watch)(instance, watch);
  if (error == 0) forgetObject(layout::kResourceWatch, pairedNumber(instance, watch));
  return error;
}

LEAKGATE_HOOK(int, timer_create, clockid_t clock, sigevent* event, timer_t* timer) {
  const int error = LEAKGATE_NEXT(timer_create)(clock, event, timer);
  if (error == 0) noteObject(layout::kResourceTimer, reinterpret_cast<uint64_t>(*timer), 0, LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, timer_delete, timer_t timer) {
  const int error = LEAKGATE_NEXT(timer_delete)(timer);
  if (error == 0) forgetObject(layout::kResourceTimer, reinterpret_cast<uint64_t>(timer));
  return error;
}

LEAKGATE_HOOK(int, pthread_key_create, pthread_key_t* key, void (*destroy)(void*)) {
  const int error = LEAKGATE_NEXT(pthread_key_create)(key, destroy);
  if (error == 0) noteObject(layout::kResourceThreadKey, *key, 0, LEAKGATE_CALLER);
  return error;
}
LEAKGATE_HOOK(int, pthread_key_delete, pthread_key_t key) {
  const int error = LEAKGATE_NEXT(pthread_key_delete)(key);
  if (error == 0) forgetObject(layout::kResourceThreadKey, key);
  return error;
}

LEAKGATE_HOOK(int, shmget, key_t key, size_t bytes, int flags) {
  const int id = LEAKGATE_NEXT(shmget)(key, bytes, flags);
  return notedSystemV(layout::kResourceSharedMemory, id, key, flags, bytes, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, shmctl, int id, int command, void* buffer) {
  return removedSystemV(layout::kResourceSharedMemory, id, command,
                        LEAKGATE_NEXT(shmctl)(id, command, buffer));
}
LEAKGATE_HOOK(int, semget, key_t key, int count, int flags) {
  const int id = LEAKGATE_NEXT(semget)(key, count, flags);
  return notedSystemV(layout::kResourceSemaphore, id, key, flags, 0, LEAKGATE_CALLER);
}
// The last argument is a union of an int and pointers: one register.
LEAKGATE_HOOK(int, semctl, int id, int number, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return removedSystemV(layout::kResourceSemaphore, id, command,
                        LEAKGATE_NEXT(semctl)(id, number, command, argument));
}
LEAKGATE_HOOK(int, msgget, key_t key, int flags) {
  const int id = LEAKGATE_NEXT(msgget)(key, flags);
  return notedSystemV(layout::kResourceMessageQueue, id, key, flags, 0, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, msgctl, int id, int command, void* buffer) {
  return removedSystemV(layout::kResourceMessageQueue, id, command,
                        LEAKGATE_NEXT(msgctl)(id, command, buffer));
}

// Mode and value are passed with O_CREAT only.
LEAKGATE_HOOK(sem_t*, sem_open, const char* name, int flags, ...) {
  mode_t mode = 0;
  unsigned value = 0;
  if ((flags & O_CREAT) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    value = va_arg(rest, unsigned);
    va_end(rest);
  }
  NewName made(AT_FDCWD, semaphorePath(name).text());
  sem_t* const semaphore = LEAKGATE_NEXT(sem_open)(name, flags, mode, value);
  if (semaphore != SEM_FAILED && (flags & O_CREAT) != 0) made.madeBy(LEAKGATE_CALLER);
  return semaphore;
}
LEAKGATE_HOOK(int, sem_unlink, const char* name) {
  const int error = LEAKGATE_NEXT(sem_unlink)(name);
  if (error == 0) forgetName(AT_FDCWD, semaphorePath(name).text());
  return error;
}
LEAKGATE_HOOK(int, shm_unlink, const char* name) {
  const int error = LEAKGATE_NEXT(shm_unlink)(name);
  if (error == 0) forgetName(AT_FDCWD, sharedMemoryPath(name).text());
  return error;
}
LEAKGATE_HOOK(int, mq_unlink, const char* name) {
  const int error = LEAKGATE_NEXT(mq_unlink)(name);
  if (error == 0) forgetObject(layout::kResourcePosixQueue, numberOfName(name));
  return error;
}
