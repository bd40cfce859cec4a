// Who opened each live descriptor, mapping and thread of this process.
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/resource_sites.hpp"

namespace leakgate::shim {

/// Once per program.
void prepareResourceTables() noexcept;

/// Whether what this call opens is counted: the shim's own calls are not, nor those of a child of vfork,
/// which has its parent's memory and kernel objects of its own.
bool countsCallOf(const CallerFrame& caller) noexcept;

/// All of them leave errno alone. Threads: any. `caller` called the hook; what the shim does for itself is
/// passed over. A descriptor whose number the table knows already was closed behind our back (by a system
/// call of its own): it counts as closed now. Descriptors from 1,048,576 on are not followed.
void noteDescriptor(int descriptor, const CallerFrame& caller) noexcept;
/// Before the kernel may give the number to somebody else.
void forgetDescriptor(int descriptor, const CallerFrame& caller) noexcept;
void forgetDescriptors(unsigned first, unsigned last, const CallerFrame& caller) noexcept;

/// A registration of a descriptor with epoll. One that is registered with two instances counts with the
/// second; what the kernel drops, with the last descriptor of a file, stays until the number is registered
/// anew.
void noteRegistration(int descriptor, const CallerFrame& caller) noexcept;
void forgetRegistration(int descriptor, const CallerFrame& caller) noexcept;

/// What was mapped there before is forgotten.
void noteMapping(void* address, size_t bytes, const CallerFrame& caller) noexcept;
void forgetMappings(void* address, size_t bytes, const CallerFrame& caller) noexcept;

/// The program break, moved by so many bytes. It shrinks from its end: what goes was the last caller's.
void noteBreakGrowth(size_t bytes, const CallerFrame& caller) noexcept;
void noteBreakShrink(size_t bytes, const CallerFrame& caller) noexcept;

/// The making of a joinable thread, which counts until it is joined or, once detached, ends. Holds the table
/// meanwhile, so that a thread that detaches itself at once finds itself in it.
class ThreadCreation {
 public:
  explicit ThreadCreation(const CallerFrame& caller) noexcept;
  ~ThreadCreation();
  ThreadCreation(const ThreadCreation&) = delete;
  ThreadCreation& operator=(const ThreadCreation&) = delete;

  bool isCounted() const noexcept { return counts_; }

  /// `watched`: noteThreadEnd() will come.
  void succeeded(pthread_t thread, bool watched) noexcept;

 private:
  ResourceId site_ = 0;
  bool counts_;
};

/// Of a call that makes a detached thread; 0: not counted.
ResourceId siteOfDetached(const CallerFrame& caller) noexcept;
/// The calling thread is one, and noteThreadEnd() will come. Its maker cannot say so: the thread may have
/// ended by then, and its pthread_t be gone.
void noteDetachedThread(ResourceId site) noexcept;

/// The thread that is `thread` now, to tell it from a later one with the same pthread_t. 0: not counted.
uint64_t serialOfThread(pthread_t thread) noexcept;

/// It was joined ...
void forgetThread(pthread_t thread, uint64_t serial) noexcept;
/// ... or detached.
void detachThread(pthread_t thread, uint64_t serial) noexcept;
/// The calling thread ends.
void noteThreadEnd() noexcept;

}  // namespace leakgate::shim
