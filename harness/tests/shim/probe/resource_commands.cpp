// Descriptors, streams, mappings and threads, opened and closed in every way that is followed.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "probe/command.hpp"

namespace {

constexpr size_t kPage = 4096;

void require(bool holds) {
  if (!holds) abort();
}

void* map(size_t pages) {
  void* got = mmap(nullptr, pages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(got != MAP_FAILED);
  return got;
}

char* page(void* mapping, size_t number) { return static_cast<char*>(mapping) + number * kPage; }

void* nothing(void*) { return nullptr; }
void* detachSelf(void*) {
  pthread_detach(pthread_self());
  return nullptr;
}

pthread_t started(void* (*run)(void*)) {
  pthread_t thread{};
  require(pthread_create(&thread, nullptr, run, nullptr) == 0);
  return thread;
}

size_t threadCount() {
  DIR* const folder = opendir("/proc/self/task");
  require(folder != nullptr);
  size_t count = 0;
  while (const dirent* entry = readdir(folder)) count += entry->d_name[0] != '.' ? 1 : 0;
  closedir(folder);
  return count;
}

}  // namespace

extern "C" {

// Leaves 3 open: two ends of a pipe and a socket.
void probe_leave_descriptors() {
  std::array<int, 2> ends{};
  require(pipe(ends.data()) == 0);
  require(socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
}

// Opens 25 and closes them all.
void probe_close_descriptors() {
  std::array<int, 2> pair{};
  sigset_t signals;
  sigemptyset(&signals);
  const int file = open("/dev/null", O_RDWR);
  for (const int descriptor :
       {file, openat(AT_FDCWD, "/dev/null", O_RDONLY), dup(file), dup3(file, 900, O_CLOEXEC),
        fcntl(file, F_DUPFD, 700), epoll_create1(0), eventfd(0, 0), timerfd_create(CLOCK_MONOTONIC, 0),
        signalfd(-1, &signals, 0), inotify_init1(0), memfd_create("probe", 0)}) {
    require(descriptor >= 0 && close(descriptor) == 0);
  }
  for (auto* make : {+[](int* two) { return socketpair(AF_UNIX, SOCK_STREAM, 0, two); },
                     +[](int* two) { return pipe2(two, 0); }}) {
    require(make(pair.data()) == 0);
    for (const int end : pair) close(end);
  }
  fclose(fopen("/dev/null", "r"));
  fclose(freopen("/dev/zero", "r", fopen("/dev/null", "r")));
  pclose(popen("true", "r"));
  closedir(opendir("/"));
  require(mq_close(mq_open("/leakgate-probe", O_RDWR | O_CREAT, 0600, nullptr)) == 0);
  mq_unlink("/leakgate-probe");
  require(pipe(pair.data()) == 0);
  closefrom(pair[0] < pair[1] ? pair[0] : pair[1]);
  require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) == 0);
  close_range(static_cast<unsigned>(pair[0] < pair[1] ? pair[0] : pair[1]), ~0u, 0);
}

// Closed by a system call, and the number used again: 1 open.
void probe_close_behind() {
  const int first = open("/dev/null", O_RDONLY);
  syscall(SYS_close, first);
  require(open("/dev/null", O_RDONLY) == first);
}

// Leaves 2 mappings of 5 pages in all: one of 4, cut down to 3 from its start, and one of 2.
void probe_leave_mappings() {
  require(munmap(map(4), kPage) == 0);
  map(2);
}

// A hole in 5 pages, so that 2 pieces stay; one piece grows from 2 pages to 8 elsewhere; then all go.
void probe_cut_mappings() {
  void* const whole = map(5);
  require(munmap(page(whole, 2), kPage) == 0);
  void* const moved = mremap(page(whole, 3), 2 * kPage, 8 * kPage, MREMAP_MAYMOVE);
  require(moved != MAP_FAILED);
  require(mmap(moved, kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == moved);
  require(munmap(moved, 8 * kPage) == 0 && munmap(whole, 2 * kPage) == 0);
}

// 3,000 of a page each, all there at once; leaves 1.
void probe_unmap_many() {
  static std::array<void*, 3000> all;
  for (void*& one : all) one = map(1);
  for (size_t i = 1; i < all.size(); ++i) require(munmap(all[i], kPage) == 0);
}

// Leaves 1 of 8 pages, which was moved from 2; one more is unmapped, and one that the kernel refuses is none.
void probe_leave_raw_mappings() {
  const auto rawMap = [](size_t pages) {
    return syscall(SYS_mmap, nullptr, pages * kPage, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  };
  const long kept = rawMap(2);
  const long gone = rawMap(1);
  require(kept > 0 && gone > 0);
  require(syscall(SYS_mremap, kept, 2 * kPage, 8 * kPage, MREMAP_MAYMOVE, nullptr) > 0);
  require(syscall(SYS_munmap, gone, kPage) == 0);
  require(rawMap(0) == -1 && errno == EINVAL);
  require(syscall(SYS_getpid) == getpid());
}

// Leaves 3 pages: 4 in three steps of which one stays within a page, without the last.
void probe_move_break() {
  const auto first = reinterpret_cast<uintptr_t>(sbrk(0));
  require(sbrk(static_cast<intptr_t>(((first + kPage - 1) & ~(kPage - 1)) - first)) != nullptr);
  require(sbrk(kPage + 100) != reinterpret_cast<void*>(-1));
  require(sbrk(100) != reinterpret_cast<void*>(-1));
  require(sbrk(kPage) != reinterpret_cast<void*>(-1));
  char* const end = static_cast<char*>(sbrk(0));
  require(brk(end + kPage) == 0);
  require(sbrk(-static_cast<intptr_t>(kPage)) != reinterpret_cast<void*>(-1));
}

// Leaves 2: one ended, and one that a join with a deadline did not get.
void probe_leave_threads() {
  started(nothing);
  const pthread_t waiting = started([](void*) -> void* {
    for (;;) pause();
  });
  const timespec past{1, 0};
  void* result = nullptr;
  require(pthread_timedjoin_np(waiting, &result, &past) != 0);
}

// Leaves 2 that run: one detached by its maker, one made so, which allocates.
void probe_leave_detached() {
  static std::atomic<int> running = 0;
  pthread_detach(started([](void*) -> void* {
    for (++running;;) pause();
  }));
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  require(pthread_create(
              &thread, &detached,
              [](void*) -> void* {
                for (++running;; pause()) free(malloc(1));
              },
              nullptr) == 0);
  pthread_attr_destroy(&detached);
  while (running < 2) usleep(1000);  // a detached thread counts itself
}

void probe_end_threads() {
  pthread_join(started(nothing), nullptr);
  pthread_detach(started(nothing));
  for (int i = 0; i < 200; ++i) started(detachSelf);
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  require(pthread_create(&thread, &detached, nothing, nullptr) == 0);
  pthread_attr_destroy(&detached);
  while (threadCount() > 1) usleep(1000);
}

// The child closes what it inherited; the parent still has it: 1 open there.
void probe_fork_descriptors() {
  const int file = open("/dev/null", O_RDONLY);
  const pid_t child = fork();
  if (child == 0) {
    close(file);
    open("/dev/zero", O_RDONLY);
    _exit(0);
  }
  int status = 0;
  require(waitpid(child, &status, 0) == child && status == 0);
}

// As posix_spawn by hand: the child arranges descriptors in its parent's memory. 1 open, and the child's
// none.
void probe_vfork_descriptors() {
  const int file = open("/dev/null", O_RDONLY);
  const pid_t child = vfork();
  if (child == 0) {
    dup2(file, 850);
    close(file);
    _exit(0);
  }
  int status = 0;
  require(waitpid(child, &status, 0) == child && status == 0);
}

}  // extern "C"

std::span<const Command> resourceCommands() {
  static const std::array commands{
      Command{"leave_descriptors", probe_leave_descriptors},
      Command{"close_descriptors", probe_close_descriptors},
      Command{"close_behind", probe_close_behind},
      Command{"leave_mappings", probe_leave_mappings},
      Command{"cut_mappings", probe_cut_mappings},
      Command{"unmap_many", probe_unmap_many},
      Command{"leave_raw_mappings", probe_leave_raw_mappings},
      Command{"move_break", probe_move_break},
      Command{"leave_threads", probe_leave_threads},
      Command{"leave_detached", probe_leave_detached},
      Command{"end_threads", probe_end_threads},
      Command{"fork_descriptors", probe_fork_descriptors},
      Command{"vfork_descriptors", probe_vfork_descriptors},
  };
  return commands;
}
