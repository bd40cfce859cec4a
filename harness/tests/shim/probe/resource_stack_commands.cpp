// Descriptors, mappings and threads opened deep in the program, built without frame pointers.
#include <dirent.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "probe/command.hpp"

#define NOT_A_TAIL_CALL asm volatile("")

namespace {

void* volatile gKeptBlock;  // so that no allocation is optimised away
std::array<char, 32> gFile{"/tmp/leakgate-probe-XXXXXX.txt"};

void require(bool holds) {
  if (!holds) abort();
}

}  // namespace

extern "C" {

// Each in a function of its own name, which the test looks for.
#define MAKER(name, expression)          \
  [[gnu::noinline]] void make_##name() { \
    require((expression) >= 0);          \
    NOT_A_TAIL_CALL;                     \
  }
#define STREAM(name, expression)         \
  [[gnu::noinline]] void make_##name() { \
    require((expression) != nullptr);    \
    NOT_A_TAIL_CALL;                     \
  }

int gPair[2];
sigset_t gNoSignals;

MAKER(open, open("/dev/null", O_RDONLY))
MAKER(open64, open64("/dev/null", O_RDONLY))
MAKER(openat, openat(AT_FDCWD, "/dev/null", O_RDONLY))
MAKER(creat, creat("/dev/null", 0600))
MAKER(socket, socket(AF_UNIX, SOCK_STREAM, 0))
MAKER(socketpair, socketpair(AF_UNIX, SOCK_STREAM, 0, gPair))
MAKER(pipe, pipe(gPair))
MAKER(pipe2, pipe2(gPair, O_CLOEXEC))
MAKER(eventfd, eventfd(0, 0))
MAKER(timerfd, timerfd_create(CLOCK_MONOTONIC, 0))
MAKER(signalfd, signalfd(-1, &gNoSignals, 0))
MAKER(inotify, inotify_init())
MAKER(fanotify, fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY))
MAKER(queue, mq_open("/leakgate-probe", O_RDWR | O_CREAT, 0600, nullptr))
MAKER(memfd, memfd_create("probe", 0))
MAKER(epoll, epoll_create(1))
MAKER(epoll1, epoll_create1(0))
MAKER(dup, dup(STDIN_FILENO))
MAKER(dup2, dup2(STDIN_FILENO, 800))
MAKER(dup3, dup3(STDIN_FILENO, 801, O_CLOEXEC))
MAKER(fcntl, fcntl(STDIN_FILENO, F_DUPFD, 700))
MAKER(fcntl_cloexec, fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 700))
MAKER(mkstemps, mkstemps(gFile.data(), 4))
MAKER(shm, shm_open("/leakgate-probe", O_RDWR | O_CREAT, 0600))
MAKER(terminal, posix_openpt(O_RDWR | O_NOCTTY))
STREAM(fopen, fopen("/dev/null", "r"))
STREAM(freopen, freopen("/dev/zero", "r", fopen("/dev/null", "r")))
STREAM(tmpfile, tmpfile())
STREAM(popen, popen("true", "r"))
STREAM(opendir, opendir("/"))

// Both ways to take a connection.
[[gnu::noinline]] void make_accept() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "leakgate-probe-%d", getpid());
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  require(bind(server, name, sizeof address) == 0 && listen(server, 2) == 0);
  for (int i = 0; i < 2; ++i) require(connect(socket(AF_UNIX, SOCK_STREAM, 0), name, sizeof address) == 0);
  require(accept(server, nullptr, nullptr) >= 0 && accept4(server, nullptr, nullptr, SOCK_CLOEXEC) >= 0);
}

void probe_make_descriptors() {
  sigemptyset(&gNoSignals);
  for (auto* make :
       {make_open,    make_open64,  make_openat,        make_creat,    make_socket,   make_socketpair,
        make_pipe,    make_pipe2,   make_eventfd,       make_timerfd,  make_signalfd, make_inotify,
        make_memfd,   make_epoll,   make_epoll1,        make_dup,      make_dup2,     make_dup3,
        make_fcntl,   make_shm,     make_fcntl_cloexec, make_mkstemps, make_terminal, make_fopen,
        make_freopen, make_tmpfile, make_popen,         make_opendir,  make_accept,   make_fanotify,
        make_queue})
    make();
  shm_unlink("/leakgate-probe");
  mq_unlink("/leakgate-probe");
  unlink(gFile.data());
}

[[gnu::noinline]] void make_mapping() {
  require(mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
  NOT_A_TAIL_CALL;
}

[[gnu::noinline]] void make_remapping() {
  void* const place = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  require(mremap(place, 4096, 16 * 4096, MREMAP_MAYMOVE) != MAP_FAILED);
  NOT_A_TAIL_CALL;
}

[[gnu::noinline]] void make_thread() {
  pthread_t thread{};
  require(pthread_create(
              &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr) == 0);
  NOT_A_TAIL_CALL;
}

// Two ways to one place.
void probe_make_others() {
  make_mapping();
  make_mapping();
  make_remapping();
  make_thread();
  NOT_A_TAIL_CALL;
}

// A thread that takes nothing from the heap.
void probe_make_in_thread() {
  pthread_t thread{};
  require(pthread_create(
              &thread, nullptr, [](void*) -> void* { return make_eventfd(), nullptr; }, nullptr) == 0);
  pthread_join(thread, nullptr);
}

[[gnu::noinline]] void open_at_depth(unsigned path, int depth);
[[gnu::noinline]] void open_left(unsigned path, int depth) {
  open_at_depth(path, depth);
  NOT_A_TAIL_CALL;
}
[[gnu::noinline]] void open_right(unsigned path, int depth) {
  open_at_depth(path, depth);
  NOT_A_TAIL_CALL;
}
void open_at_depth(unsigned path, int depth) {
  if (depth == 0) {
    require(close(open("/dev/null", O_RDONLY)) == 0);
  } else if ((path & 1) != 0) {
    open_left(path >> 1, depth - 1);
  } else {
    open_right(path >> 1, depth - 1);
  }
  NOT_A_TAIL_CALL;
}

// By 4,096 ways, each opened and closed.
void probe_open_many_ways() {
  for (unsigned path = 0; path < 4096; ++path) open_at_depth(path, 12);
}

[[gnu::noinline]] void allocate_at_depth(unsigned path, int depth) {
  if (depth == 0) {
    gKeptBlock = malloc(1 + path % 1000);
  } else {
    allocate_at_depth(path, depth - 1);
  }
  NOT_A_TAIL_CALL;
}

volatile unsigned gSignals = 0;

void open_on_signal(int) {
  open_at_depth(gSignals, 10);
  gSignals = gSignals + 1;
}

// open() and close() may be called in a handler, wherever that interrupts the program: here amid allocations
// at ever new places. Each signal is asked for anew, so that a slow handler does not keep the program from
// going on.
void probe_open_in_handlers() {
  struct sigaction action {};
  action.sa_handler = open_on_signal;
  sigaction(SIGUSR2, &action, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR2;
  timer_t timer{};
  unsigned places = 0;
  require(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
  for (unsigned i = 0; gSignals < 3000; ++i) {
    const unsigned seen = gSignals;
    const itimerspec soon{{0, 0}, {0, 1'000 + i % 64 * 500}};
    require(timer_settime(timer, 0, &soon, nullptr) == 0);
    for (; gSignals == seen; ++places) {
      allocate_at_depth(places, static_cast<int>(places % 100));
      free(gKeptBlock);
    }
  }
  timer_delete(timer);
}

}  // extern "C"

std::span<const Command> resourceStackCommands() {
  static constexpr Command kCommands[] = {
      {"make_descriptors", probe_make_descriptors}, {"make_others", probe_make_others},
      {"make_in_thread", probe_make_in_thread},     {"open_many_ways", probe_open_many_ways},
      {"open_in_handlers", probe_open_in_handlers},
  };
  return kCommands;
}
