// Threads: a joinable thread that has ended and is not joined keeps its stack forever.
#include <pthread.h>
#include <time.h>

#include "shim/next_function.hpp"
#include "shim/process.hpp"
#include "shim/resource_tables.hpp"
#include "shim/thread_slots.hpp"

using namespace leakgate::shim;

namespace {

bool isDetached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

// nullptr when too many threads are being created at once.
ThreadStart* takeStart(void* (*run)(void*), void* argument, ResourceId site) noexcept {
  for (ThreadStart& start : gForkLocal->threadStarts) {
    if (__atomic_exchange_n(&start.taken, 1, __ATOMIC_ACQUIRE) != 0) continue;
    start.site = site;
    start.run = run;
    start.argument = argument;
    return &start;
  }
  return nullptr;
}

void giveBack(ThreadStart& start) noexcept { __atomic_store_n(&start.taken, 0, __ATOMIC_RELEASE); }

// Ends in a jump: no frame of the shim lies below the program's.
void* runWatched(void* start) {
  auto* const given = static_cast<ThreadStart*>(start);
  auto* const run = given->run;
  void* const argument = given->argument;
  const ResourceId site = given->site;
  giveBack(*given);
  watchThreadEnd();
  if (site != 0) noteDetachedThread(site);
  return run(argument);
}

// `join` makes the call.
template <typename Join>
int joined(pthread_t thread, Join join) noexcept {
  const uint64_t serial = serialOfThread(thread);
  const int error = join();
  if (error == 0) forgetThread(thread, serial);
  return error;
}

}  // namespace

LEAKGATE_HOOK(int, pthread_create, pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
              void* argument) {
  auto* const create = LEAKGATE_NEXT(pthread_create);
  if (isDetached(attributes)) {
    const ResourceId site = siteOfDetached(LEAKGATE_CALLER);
    ThreadStart* const start = site != 0 ? takeStart(run, argument, site) : nullptr;
    if (start == nullptr) return create(thread, attributes, run, argument);
    const int error = create(thread, attributes, runWatched, start);
    if (error != 0) giveBack(*start);
    return error;
  }
  ThreadCreation creation(LEAKGATE_CALLER);
  ThreadStart* const start = creation.isCounted() ? takeStart(run, argument, 0) : nullptr;
  if (start == nullptr) {
    const int error = create(thread, attributes, run, argument);
    if (error == 0) creation.succeeded(*thread, false);
    return error;
  }
  const int error = create(thread, attributes, runWatched, start);
  if (error == 0)
    creation.succeeded(*thread, true);
  else
    giveBack(*start);
  return error;
}
LEAKGATE_HOOK(int, pthread_join, pthread_t thread, void** result) {
  return joined(thread, [&] { return LEAKGATE_NEXT(pthread_join)(thread, result); });
}
LEAKGATE_HOOK(int, pthread_tryjoin_np, pthread_t thread, void** result) {
  return joined(thread, [&] { return LEAKGATE_NEXT(pthread_tryjoin_np)(thread, result); });
}
LEAKGATE_HOOK(int, pthread_timedjoin_np, pthread_t thread, void** result, const timespec* until) {
  return joined(thread, [&] { return LEAKGATE_NEXT(pthread_timedjoin_np)(thread, result, until); });
}
LEAKGATE_HOOK(int, pthread_clockjoin_np, pthread_t thread, void** result, clockid_t clock,
              const timespec* until) {
  return joined(thread, [&] { return LEAKGATE_NEXT(pthread_clockjoin_np)(thread, result, clock, until); });
}
LEAKGATE_HOOK(int, pthread_detach, pthread_t thread) {
  const uint64_t serial = serialOfThread(thread);
  const int error = LEAKGATE_NEXT(pthread_detach)(thread);
  if (error == 0) detachThread(thread, serial);
  return error;
}
