// Records the place that opened each live descriptor, mapping and thread of this process.
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/resource_sites.hpp"

namespace leakgate::shim {

/// Once per program.
void prepareResourceTables() noexcept;

/// Whether a resource opened by this call is counted. Not counted: the shim's own calls, and those of a child
/// of vfork, which shares its parent's memory but has its own kernel objects.
bool countsCallOf(const CallerFrame& caller) noexcept;

/// None of these changes errno. Threads: any. `caller`: of the hook; the shim's own calls are ignored. A
/// descriptor whose number is already in the table was closed without a hook seeing it (by a direct system
/// call): it counts as closed now. Descriptors from 1,048,576 on are not followed.
void noteDescriptor(int descriptor, const CallerFrame& caller) noexcept;
/// Call before the kernel can reuse the number.
void forgetDescriptor(int descriptor, const CallerFrame& caller) noexcept;
void forgetDescriptors(unsigned first, unsigned last, const CallerFrame& caller) noexcept;

/// A registration of a descriptor with epoll. A descriptor in two instances counts for the second one; a
/// registration that the kernel drops, with the last descriptor of a file, stays until the number is
/// registered again.
void noteRegistration(int descriptor, const CallerFrame& caller) noexcept;
void forgetRegistration(int descriptor, const CallerFrame& caller) noexcept;

/// Forgets what was mapped there before.
void noteMapping(void* address, size_t bytes, const CallerFrame& caller) noexcept;
void forgetMappings(void* address, size_t bytes, const CallerFrame& caller) noexcept;

/// The program break has grown by so many bytes. It shrinks from its end: what goes was added by the last
/// caller.
void noteBreakGrowth(size_t bytes, const CallerFrame& caller) noexcept;
void noteBreakShrink(size_t bytes, const CallerFrame& caller) noexcept;

/// Spans the creation of a joinable thread, which counts until it is joined or, once detached, ends. Locks
/// the table meanwhile, so that a thread that detaches itself immediately finds itself in it.
class ThreadCreation {
 public:
  explicit ThreadCreation(const CallerFrame& caller) noexcept;
  ~ThreadCreation();
  ThreadCreation(const ThreadCreation&) = delete;
  ThreadCreation& operator=(const ThreadCreation&) = delete;

  bool isCounted() const noexcept { return counts_; }

  /// `watched`: noteThreadEnd() will be called.
  void succeeded(pthread_t thread, bool watched) noexcept;

 private:
  ResourceId site_ = 0;
  bool counts_;
};

/// The site of a call that makes a detached thread; 0: not counted.
ResourceId siteOfDetached(const CallerFrame& caller) noexcept;
/// Records the calling thread as detached; noteThreadEnd() will be called. Its creator cannot do this: by
/// then the thread may have ended and its pthread_t be invalid.
void noteDetachedThread(ResourceId site) noexcept;

/// Identifies the thread that is `thread` now, even if a later one has the same pthread_t. 0: not counted.
uint64_t serialOfThread(pthread_t thread) noexcept;

/// The thread was joined ...
void forgetThread(pthread_t thread, uint64_t serial) noexcept;
/// ... or detached.
void detachThread(pthread_t thread, uint64_t serial) noexcept;
/// The calling thread ends.
void noteThreadEnd() noexcept;

}  // namespace leakgate::shim
