// Many threads: blocks that change hands, and threads that come and go.
#include <pthread.h>
#include <stdlib.h>

#include <array>
#include <atomic>
#include <thread>

#include "probe/command.hpp"

namespace {

constexpr int kThreads = 8;
constexpr int kRounds = 20000;
constexpr int kShortThreads = 4000;
constexpr size_t kStackBytes =
    256 << 10;  // so small that libc keeps all of them, and allocates for none anew

std::array<std::atomic<void*>, 64> gHands;
pthread_key_t gLate;

// Frees and allocates in each of the destructors' rounds, the last one too.
extern "C" void late_destructor(void* block) {
  free(block);
  pthread_setspecific(gLate, malloc(16));
}

// At thread end, before the keys' destructors.
struct AtThreadEnd {
  ~AtThreadEnd() { free(block); }
  void* block = nullptr;
};
thread_local AtThreadEnd tAtThreadEnd;

void* volatile gLeft;
pthread_barrier_t gAllEight;

}  // namespace

extern "C" {

void churn(unsigned seed) {
  for (int i = 0; i < kRounds; ++i) {
    seed = seed * 1664525u + 1013904223u;
    void* block = malloc(1 + (seed >> 8) % 300);
    free(gHands[(seed >> 24) % gHands.size()].exchange(block));
  }
}

void probe_churn() {
  std::array<std::thread, kThreads> threads;
  for (unsigned i = 0; i < threads.size(); ++i) threads[i] = std::thread(churn, i + 1);
  for (std::thread& thread : threads) thread.join();
  for (std::atomic<void*>& hand : gHands) free(hand.exchange(nullptr));
}

// Leaves two blocks behind: this one, and the last of the late destructor.
void* short_thread(void*) {
  free(malloc(20));
  pthread_barrier_wait(&gAllEight);
  for (int i = 0; i < 29; ++i) free(malloc(20));
  gLeft = malloc(50);
  tAtThreadEnd.block = malloc(30);
  pthread_setspecific(gLate, malloc(16));
  return nullptr;
}

// Eight at a time, which all have a slot before any of them goes on.
void run_short_threads(int count) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_barrier_init(&gAllEight, nullptr, kThreads);
  pthread_key_create(&gLate, late_destructor);
  for (int i = 0; i < count; i += kThreads) {
    std::array<pthread_t, kThreads> threads;
    for (pthread_t& thread : threads) {
      if (pthread_create(&thread, &attributes, short_thread, nullptr) != 0) abort();
    }
    for (pthread_t thread : threads) pthread_join(thread, nullptr);
  }
  pthread_key_delete(gLate);
  pthread_barrier_destroy(&gAllEight);
}

// A few first, for the stacks that libc keeps.
void probe_few_threads() { run_short_threads(kThreads); }
void probe_short_threads() { run_short_threads(kShortThreads); }

}  // extern "C"

std::span<const Command> threadCommands() {
  static constexpr Command kCommands[] = {
      {"churn", probe_churn}, {"few_threads", probe_few_threads}, {"short_threads", probe_short_threads}};
  return kCommands;
}
