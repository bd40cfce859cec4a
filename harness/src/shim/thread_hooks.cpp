// Joinable threads: one that has ended and is not joined keeps its stack for ever.
#include <pthread.h>
#include <time.h>

#include "shim/next_function.hpp"
#include "shim/resource_tables.hpp"

using namespace leakgate::shim;

namespace {

bool isDetached(const pthread_attr_t* attributes) noexcept {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

// `release` joins or detaches the thread.
template <typename Release>
int released(pthread_t thread, Release release) noexcept {
  const ResourceId site = takeThread(thread);
  const int error = release();
  if (error != 0) putBackThread(thread, site);
  return error;
}

}  // namespace

LEAKGATE_HOOK(int, pthread_create, pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
              void* argument) {
  auto* const create = LEAKGATE_NEXT(pthread_create);
  if (isDetached(attributes)) return create(thread, attributes, start, argument);
  ThreadCreation creation(LEAKGATE_CALLER);
  const int error = create(thread, attributes, start, argument);
  if (error == 0) creation.succeeded(*thread);
  return error;
}
LEAKGATE_HOOK(int, pthread_join, pthread_t thread, void** result) {
  return released(thread, [&] { return LEAKGATE_NEXT(pthread_join)(thread, result); });
}
LEAKGATE_HOOK(int, pthread_tryjoin_np, pthread_t thread, void** result) {
  return released(thread, [&] { return LEAKGATE_NEXT(pthread_tryjoin_np)(thread, result); });
}
LEAKGATE_HOOK(int, pthread_timedjoin_np, pthread_t thread, void** result, const timespec* until) {
  return released(thread, [&] { return LEAKGATE_NEXT(pthread_timedjoin_np)(thread, result, until); });
}
LEAKGATE_HOOK(int, pthread_clockjoin_np, pthread_t thread, void** result, clockid_t clock,
              const timespec* until) {
  return released(thread, [&] { return LEAKGATE_NEXT(pthread_clockjoin_np)(thread, result, clock, until); });
}
LEAKGATE_HOOK(int, pthread_detach, pthread_t thread) {
  return released(thread, [&] { return LEAKGATE_NEXT(pthread_detach)(thread); });
}
