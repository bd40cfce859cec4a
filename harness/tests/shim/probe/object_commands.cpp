// Children, kernel objects and names, made and removed in every way that is followed.
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "probe/command.hpp"

namespace {

void require(bool holds) {
  if (!holds) abort();
}

pid_t forked() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  require(child > 0);
  return child;
}

pid_t spawned() {
  pid_t child = 0;
  char name[] = "true";
  std::array<char*, 2> arguments{name, nullptr};
  require(posix_spawnp(&child, name, nullptr, nullptr, arguments.data(), environ) == 0);
  return child;
}

pid_t cloned() {
  alignas(16) static std::array<char, 65536> stack;
  const pid_t child = clone([](void*) { return 0; }, stack.data() + stack.size(), SIGCHLD, nullptr);
  require(child > 0);
  return child;
}

// Names of this process alone.
struct Name {
  explicit Name(const char* format) { snprintf(text, sizeof text, format, static_cast<int>(getpid())); }
  char text[128];
};

int instance = -1;
std::array<int, 2> watches{};
std::array<timer_t, 2> timers{};
std::array<pthread_key_t, 2> keys{};
int segment = -1;
int semaphores = -1;
int queue = -1;
int poll = -1;
std::array<int, 2> registered{};
std::array<int, 2> lockedFiles{};
char madeFile[] = "/tmp/leakgate-probe-XXXXXX";
char madeFolder[] = "/tmp/leakgate-probe-XXXXXX";

void reap(int) {
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace

extern "C" {

// Leaves 2: one was asked about without being taken.
void probe_leave_children() {
  forked();
  const pid_t child = spawned();
  siginfo_t info{};
  require(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
}

// All ways to wait, and a child that stops before it ends.
void probe_reap_children() {
  int status = 0;
  siginfo_t info{};
  require(waitpid(forked(), &status, 0) > 0 && waitpid(spawned(), nullptr, 0) > 0);
  require(waitpid(cloned(), nullptr, 0) > 0);
  require(wait4(forked(), nullptr, 0, nullptr) > 0);
  forked();
  require(wait(nullptr) > 0);
  forked();
  require(wait3(&status, 0, nullptr) > 0);
  require(waitid(P_PID, static_cast<id_t>(forked()), &info, WEXITED) == 0);
  const pid_t child = fork();
  if (child == 0) {
    raise(SIGSTOP);
    _exit(0);
  }
  require(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
  kill(child, SIGCONT);
  require(waitpid(child, &status, 0) == child && WIFEXITED(status));
}

void probe_reap_many_children() {
  for (int i = 0; i < 500; ++i) require(waitpid(forked(), nullptr, 0) > 0);
}

void probe_reap_in_handler() {
  signal(SIGCHLD, reap);
  for (int i = 0; i < 300; ++i) forked();
  while (waitpid(-1, nullptr, 0) > 0) {
  }
  signal(SIGCHLD, SIG_DFL);
}

void probe_leave_watches() {
  instance = inotify_init1(IN_CLOEXEC);
  watches = {inotify_add_watch(instance, "/", IN_CREATE), inotify_add_watch(instance, "/tmp", IN_CREATE)};
  require(inotify_add_watch(instance, "/tmp", IN_DELETE) == watches[1]);  // the same one
}
void probe_remove_watches() {
  for (const int watch : watches) require(inotify_rm_watch(instance, watch) == 0);
}

void probe_leave_timers() {
  sigevent event{};
  event.sigev_notify = SIGEV_NONE;
  for (timer_t& timer : timers) require(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
}
void probe_remove_timers() {
  for (timer_t timer : timers) require(timer_delete(timer) == 0);
}

void probe_leave_keys() {
  for (pthread_key_t& key : keys) require(pthread_key_create(&key, nullptr) == 0);
}
void probe_remove_keys() {
  for (const pthread_key_t key : keys) require(pthread_key_delete(key) == 0);
}

// One of each system; a second look at the first is none more.
void probe_leave_segments() {
  segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  require(segment >= 0 && shmget(1, 1, 0) != segment);
  const Name name("/leakgate-probe-%d");
  for (int i = 0; i < 2; ++i) close(shm_open(name.text, O_CREAT | O_RDWR, 0600));
}
void probe_remove_segments() {
  require(shmctl(segment, IPC_RMID, nullptr) == 0);
  require(shm_unlink(Name("/leakgate-probe-%d").text) == 0);
}

void probe_leave_semaphores() {
  semaphores = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
  require(semaphores >= 0);
  sem_t* const semaphore = sem_open(Name("/leakgate-probe-%d").text, O_CREAT, 0600, 1);
  require(semaphore != SEM_FAILED && sem_close(semaphore) == 0);
}
void probe_remove_semaphores() {
  require(semctl(semaphores, 0, IPC_RMID) == 0);
  require(sem_unlink(Name("/leakgate-probe-%d").text) == 0);
}

void probe_leave_queues() {
  queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  require(queue >= 0);
  mq_close(mq_open(Name("/leakgate-probe-%d").text, O_CREAT | O_RDWR, 0600, nullptr));
}
void probe_remove_queues() {
  require(msgctl(queue, IPC_RMID, nullptr) == 0);
  require(mq_unlink(Name("/leakgate-probe-%d").text) == 0);
}

// A third one is changed and removed.
void probe_leave_registrations() {
  poll = epoll_create1(0);
  require(poll >= 0 && pipe(registered.data()) == 0);
  const int other = dup(registered[0]);
  epoll_event event{};
  for (const int end : {registered[0], registered[1], other})
    require(epoll_ctl(poll, EPOLL_CTL_ADD, end, &event) == 0);
  require(epoll_ctl(poll, EPOLL_CTL_ADD, other, &event) != 0);  // is there already
  require(epoll_ctl(poll, EPOLL_CTL_MOD, other, &event) == 0);
  require(epoll_ctl(poll, EPOLL_CTL_DEL, other, nullptr) == 0);
}
void probe_remove_registrations() {
  for (const int end : registered) require(epoll_ctl(poll, EPOLL_CTL_DEL, end, nullptr) == 0);
}

// 5 in the ways that there are: 2 ranges and, by another description, 1 range, 1 range by lockf(), and the
// whole file by flock(). A sixth is unlocked, and one that another holds is refused.
void probe_leave_locks() {
  const Name name("/tmp/leakgate-probe-%d-locks");
  for (int& file : lockedFiles) file = open(name.text, O_CREAT | O_RDWR, 0600);
  require(unlink(name.text) == 0);
  const auto lock = [](int file, int command, short type, off_t start) {
    struct flock range {};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = start;
    range.l_len = 1;
    return fcntl(file, command, &range);
  };
  require(lock(lockedFiles[0], F_SETLK, F_WRLCK, 10) == 0 &&
          lock(lockedFiles[0], F_SETLKW, F_RDLCK, 20) == 0);
  require(lock(lockedFiles[0], F_SETLK, F_WRLCK, 30) == 0 && lock(lockedFiles[0], F_SETLK, F_UNLCK, 30) == 0);
  require(lock(lockedFiles[1], F_OFD_SETLK, F_WRLCK, 40) == 0);
  require(lock(lockedFiles[0], F_OFD_SETLK, F_WRLCK, 40) != 0);
  require(lseek(lockedFiles[0], 50, SEEK_SET) == 50 && lockf(lockedFiles[0], F_TLOCK, 1) == 0);
  require(flock(lockedFiles[1], LOCK_EX) == 0);
}
void probe_remove_locks() {
  struct flock all {};
  all.l_type = F_UNLCK;
  all.l_whence = SEEK_SET;
  require(fcntl(lockedFiles[0], F_SETLK, &all) == 0 && flock(lockedFiles[1], LOCK_UN) == 0);
  all.l_start = 40;
  all.l_len = 1;
  require(fcntl(lockedFiles[1], F_OFD_SETLK, &all) == 0);
}
void probe_close_locks() {
  for (const int file : lockedFiles) require(close(file) == 0);
}

// 7 names: a file by mkstemp that is renamed, a folder by mkdtemp and in it a file, by fopen; a folder, a
// link and two files by open() and creat().
void probe_leave_files() {
  close(mkstemp(madeFile));
  require(rename(madeFile, Name("/tmp/leakgate-probe-%d-renamed").text) == 0);
  require(mkdtemp(madeFolder) != nullptr);
  char inner[128];
  snprintf(inner, sizeof inner, "%s//./inner", madeFolder);
  fclose(fopen(inner, "w"));
  require(mkdir(Name("/tmp/leakgate-probe-%d-folder").text, 0700) == 0);
  require(symlink("/", Name("/tmp/leakgate-probe-%d-link").text) == 0);
  close(open(Name("/tmp/leakgate-probe-%d-open").text, O_CREAT | O_WRONLY, 0600));
  close(creat(Name("/tmp/leakgate-probe-%d-creat").text, 0600));
}
void probe_remove_files() {
  char inner[128];
  snprintf(inner, sizeof inner, "%s/inner", madeFolder);
  require(unlink(Name("/tmp/leakgate-probe-%d-renamed").text) == 0 && remove(inner) == 0);
  require(rmdir(madeFolder) == 0 && rmdir(Name("/tmp/leakgate-probe-%d-folder").text) == 0);
  require(unlinkat(AT_FDCWD, Name("/tmp/leakgate-probe-%d-link").text, 0) == 0);
  require(unlink(Name("/tmp/leakgate-probe-%d-open").text) == 0);
  // Another file takes the name: the one that had it is gone.
  const Name other("/tmp/leakgate-probe-%d-other");
  close(open(other.text, O_CREAT | O_WRONLY, 0600));
  require(rename(other.text, Name("/tmp/leakgate-probe-%d-creat").text) == 0);
  require(unlink(Name("/tmp/leakgate-probe-%d-creat").text) == 0);
}

// One file is made, opened again, and removed; /dev/null is none, and what cannot be opened is none.
void probe_open_again() {
  const Name name("/tmp/leakgate-probe-%d-again");
  for (int i = 0; i < 3; ++i) close(open(name.text, O_CREAT | O_WRONLY, 0600));
  fclose(fopen(name.text, "a"));
  fclose(fopen("/dev/null", "w"));
  require(open("/tmp/leakgate-no-such-folder/x", O_CREAT | O_WRONLY, 0600) < 0);
  require(unlink(name.text) == 0);
}

// What it makes is still there when it has ended.
void probe_leave_by_child() {
  const Name name("/tmp/leakgate-probe-%d-child");
  const pid_t child = fork();
  if (child == 0) {
    close(open(name.text, O_CREAT | O_WRONLY, 0600));
    open("/dev/null", O_RDONLY);
    _exit(0);
  }
  require(waitpid(child, nullptr, 0) == child && unlink(name.text) == 0);
}

}  // extern "C"

std::span<const Command> objectCommands() {
  static const std::array commands{
      Command{"leave_children", probe_leave_children},
      Command{"reap_children", probe_reap_children},
      Command{"reap_many_children", probe_reap_many_children},
      Command{"reap_in_handler", probe_reap_in_handler},
      Command{"leave_watches", probe_leave_watches},
      Command{"remove_watches", probe_remove_watches},
      Command{"leave_timers", probe_leave_timers},
      Command{"remove_timers", probe_remove_timers},
      Command{"leave_keys", probe_leave_keys},
      Command{"remove_keys", probe_remove_keys},
      Command{"leave_segments", probe_leave_segments},
      Command{"remove_segments", probe_remove_segments},
      Command{"leave_semaphores", probe_leave_semaphores},
      Command{"remove_semaphores", probe_remove_semaphores},
      Command{"leave_queues", probe_leave_queues},
      Command{"remove_queues", probe_remove_queues},
      Command{"leave_registrations", probe_leave_registrations},
      Command{"remove_registrations", probe_remove_registrations},
      Command{"leave_locks", probe_leave_locks},
      Command{"remove_locks", probe_remove_locks},
      Command{"close_locks", probe_close_locks},
      Command{"leave_files", probe_leave_files},
      Command{"remove_files", probe_remove_files},
      Command{"open_again", probe_open_again},
      Command{"leave_by_child", probe_leave_by_child},
  };
  return commands;
}
