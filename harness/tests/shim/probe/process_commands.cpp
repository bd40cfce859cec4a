// Children by fork, by a bare clone, and by exec.
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "probe/command.hpp"
#include "probe/exchange.hpp"

extern "C" void probe_drop_one();

namespace {

constexpr unsigned kForkDeadlineSeconds = 20;
constexpr unsigned kChildOperations = 40;

pid_t gHeld = 0;
volatile unsigned gFork = 0;
volatile pid_t gChild = 0;  // 0: fork has not returned

void await(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) abort();
}

// On SIGALRM: the line tells the test how far the program is.
void reportHang(int) {
  std::array<char, 80> line;
  const int length =
      snprintf(line.data(), line.size(), "fork %u: %s after %u s\n", gFork,
               gChild == 0 ? "has not returned" : "its child has not ended", kForkDeadlineSeconds);
  if (gChild != 0) kill(gChild, SIGKILL);
  if (write(STDOUT_FILENO, line.data(), static_cast<size_t>(length)) != length) abort();
  _exit(1);
}

void awaitOperations(uint64_t count) {
  const uint64_t start = exchangeProgress();
  while (exchangeProgress() < start + count) sched_yield();
}

[[noreturn]] void exchangeInChild(ledger::Child& child) {
  signal(SIGALRM, SIG_DFL);
  alarm(2 * kForkDeadlineSeconds);
  child.pid = static_cast<uint64_t>(getpid());
  Exchange exchange(child.account, child.pid);
  for (unsigned i = 0; i < kChildOperations; ++i) exchange.operate();
  _exit(0);
}

void runSelf(const char* blocks) {
  std::array<char, 4> program{"p"};
  std::array<char, 8> once{"once"};
  std::array<char, 256> count{};
  for (size_t i = 0; blocks[i] != '\0'; ++i) count[i] = blocks[i];
  char* arguments[] = {program.data(), once.data(), count.data(), nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments, environ) != 0) abort();
  await(child);
}

}  // namespace

extern "C" {

void run_once(int blocks) {
  for (int i = 0; i < blocks; ++i) free(malloc(11));
}

void child_work() {
  std::array<void*, 10> blocks;
  for (void*& block : blocks) block = malloc(13);
  for (int i = 0; i < 4; ++i) free(blocks[static_cast<size_t>(i)]);
}

// While other threads allocate and free, so that any lock may be held at any fork. The children take part.
void probe_exchange_forks() {
  signal(SIGALRM, reportHang);
  startExchange();
  for (unsigned i = 0; i < ledger::kForks; ++i) {
    gFork = i;
    awaitOperations(50);
    alarm(kForkDeadlineSeconds);
    gChild = 0;
    const pid_t child = fork();
    if (child == 0) exchangeInChild(theLedger().children[i]);
    gChild = child;
    await(child);
  }
  stopExchange();
  signal(SIGALRM, SIG_DFL);
  alarm(kDeadlineSeconds);
}

// Past libc, so that no fork handler runs.
void probe_bare_clone() {
  const auto child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0L));
  if (child == 0) {
    child_work();
    _exit(0);
  }
  await(child);
}

// A child that frees one of the parent's blocks (command keep), allocates its own and stays.
void probe_fork_hold() {
  std::array<int, 2> ready;
  if (pipe(ready.data()) != 0) abort();
  gHeld = fork();
  if (gHeld == 0) {
    alarm(60);
    probe_drop_one();
    child_work();
    if (write(ready[1], "r", 1) != 1) abort();
    for (;;) pause();
  }
  char byte = 0;
  if (read(ready[0], &byte, 1) != 1) abort();
  close(ready[0]);
  close(ready[1]);
}

void probe_fork_end() {
  kill(gHeld, SIGKILL);
  waitpid(gHeld, nullptr, 0);
}

void probe_spawn_none() { runSelf(""); }
void probe_spawn_nine() { runSelf("123456789"); }

void probe_exec() {
  std::array<char, 4> program{"p"};
  char* arguments[] = {program.data(), nullptr};
  if (write(STDOUT_FILENO, "ok\n", 3) == 3) execv("/proc/self/exe", arguments);
  abort();
}

}  // extern "C"

std::span<const Command> processCommands() {
  static constexpr Command kCommands[] = {
      {"exchange_forks", probe_exchange_forks},
      {"bare_clone", probe_bare_clone},
      {"fork_hold", probe_fork_hold},
      {"fork_end", probe_fork_end},
      {"spawn_none", probe_spawn_none},
      {"spawn_nine", probe_spawn_nine},
      {"exec", probe_exec},
  };
  return kCommands;
}
