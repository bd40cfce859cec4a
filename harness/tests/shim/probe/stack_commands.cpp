// Allocations deep in the program, built without frame pointers: through libraries, callbacks, signals.
#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "probe/command.hpp"

#define NOT_A_TAIL_CALL asm volatile("")

namespace {

std::array<char, 501> gLetters;
const char* const gFiveHundred = static_cast<const char*>(memset(gLetters.data(), 'x', 500));

void* volatile gKept;  // so that no allocation is optimised away

std::atomic<bool> gHoldsUnwinder{false};
std::atomic<bool> gInUnwinder{false};
std::mutex gUnwinderLock;

using PluginFunction = void (*)(void (*)());

}  // namespace

extern "C" {

[[gnu::noinline]] void stack_leaf(size_t bytes) {
  gKept = malloc(bytes);
  NOT_A_TAIL_CALL;
}

[[gnu::noinline]] void stack_left(size_t bytes) {
  stack_leaf(bytes);
  NOT_A_TAIL_CALL;
}

[[gnu::noinline]] void stack_right(size_t bytes) {
  stack_leaf(bytes);
  NOT_A_TAIL_CALL;
}

// 40 blocks by one way to the same place, 2 by another.
void probe_stack_ways() {
  for (int i = 0; i < 40; ++i) stack_left(50);
  for (int i = 0; i < 2; ++i) stack_right(50);
  NOT_A_TAIL_CALL;
}

[[gnu::noinline]] int stack_compare(const void* left, const void* right) {
  stack_leaf(60);
  return *static_cast<const char*>(left) - *static_cast<const char*>(right);
}

// libc calls back.
void probe_stack_qsort() {
  std::array<char, 2> letters{'b', 'a'};
  qsort(letters.data(), letters.size(), 1, stack_compare);
  NOT_A_TAIL_CALL;
}

// The C++ library allocates 525 bytes.
void probe_stack_library() {
  gKept = new std::runtime_error(gFiveHundred);
  NOT_A_TAIL_CALL;
}

[[gnu::noinline]] void stack_recurse(int depth) {
  if (depth == 0)
    stack_leaf(70);
  else
    stack_recurse(depth - 1);
  NOT_A_TAIL_CALL;
}

void probe_stack_deep() {
  stack_recurse(100);
  stack_recurse(1000);
  NOT_A_TAIL_CALL;
}

void stack_on_signal(int) {
  stack_leaf(80);
  NOT_A_TAIL_CALL;
}

// A handler allocates while the program computes.
void probe_stack_signal() {
  signal(SIGUSR1, stack_on_signal);
  raise(SIGUSR1);
  NOT_A_TAIL_CALL;
}

void stack_callback() {
  stack_leaf(90);
  NOT_A_TAIL_CALL;
}

void stack_run_plugin(const char* variable, const char* function) {
  void* plugin = dlopen(getenv(variable), RTLD_NOW);
  if (plugin == nullptr) abort();
  reinterpret_cast<PluginFunction>(dlsym(plugin, function))(stack_callback);
  dlclose(plugin);
}

void probe_stack_plugins() {
  stack_run_plugin("PLUGIN_FIRST", "plugin_first");
  stack_run_plugin("PLUGIN_SECOND", "plugin_second");
  stack_run_plugin("PLUGIN_FIRST", "plugin_first");
}

// While others load and unload.
void probe_stack_threads() {
  std::array<std::thread, 4> threads;
  for (std::thread& thread : threads) {
    thread = std::thread([] {
      for (int i = 0; i < 5000; ++i) stack_recurse(i % 20);
    });
  }
  for (int i = 0; i < 50; ++i) stack_run_plugin("PLUGIN_FIRST", "plugin_first");
  for (std::thread& thread : threads) thread.join();
}

// The unwinder looks for a module here, and holds a lock meanwhile, as it may hold its own.
[[gnu::visibility("default")]] int dl_iterate_phdr(int (*callback)(dl_phdr_info*, size_t, void*),
                                                   void* data) {
  static const auto next = reinterpret_cast<decltype(&dl_iterate_phdr)>(dlsym(RTLD_NEXT, "dl_iterate_phdr"));
  if (!gHoldsUnwinder) return next(callback, data);
  const std::lock_guard guard(gUnwinderLock);
  gInUnwinder = true;
  usleep(100000);
  return next(callback, data);
}

// A fork while another thread is in the unwinder; the child unwinds places that are new to the unwinder.
void probe_stack_fork() {
  std::thread other([] {
    gHoldsUnwinder = true;
    stack_leaf(100);
  });
  while (!gInUnwinder) usleep(100);
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    stack_leaf(110);
    _exit(0);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) abort();
  gHoldsUnwinder = false;
  other.join();
  if (status != 0) abort();
}

}  // extern "C"

std::span<const Command> stackCommands() {
  static constexpr Command kCommands[] = {
      {"stack_ways", probe_stack_ways},       {"stack_qsort", probe_stack_qsort},
      {"stack_library", probe_stack_library}, {"stack_deep", probe_stack_deep},
      {"stack_signal", probe_stack_signal},   {"stack_plugins", probe_stack_plugins},
      {"stack_threads", probe_stack_threads}, {"stack_fork", probe_stack_fork},
  };
  return kCommands;
}
