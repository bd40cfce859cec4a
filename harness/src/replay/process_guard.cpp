#include "replay/process_guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace leakgate {
namespace {

constexpr std::size_t kChunkBytes = 64U << 10;
constexpr int kKillPollMs = 5;
constexpr int kMaxKillPolls = 1'000;  // after that it cannot be killed: another user's, or in the kernel

// Used by the guard only, a single-threaded process; too large for the stack under some limits.
char chunk[kChunkBytes];

[[noreturn]] void becomeTarget(const GuardPlan& plan, pid_t guard) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != guard) ::_exit(127);  // the guard died before prctl
  const int persona = ::personality(0xffffffffUL);
  if (persona != -1) ::personality(static_cast<unsigned long>(persona) | ADDR_NO_RANDOMIZE);
  for (const int ignorable : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD})
    ::signal(ignorable, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(plan.input, STDIN_FILENO);
  ::dup2(plan.output, STDOUT_FILENO);
  ::dup2(plan.output, STDERR_FILENO);
  // The target gets only these three, whatever leakgate's own parent left open.
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execve(plan.executable, plan.arguments, plan.environment);
  const int error = errno;
  if (::write(plan.execError, &error, sizeof error) < 0) ::_exit(126);
  ::_exit(127);
}

bool writeAll(int file, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = ::write(file, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return true;
}

class Guard {
 public:
  explicit Guard(const GuardPlan& plan) : plan_(plan) {}

  [[noreturn]] void run() {
    ::setpgid(0, 0);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Signals from the target to its parent, or from the terminal, must not end the guard.
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE})
      ::signal(signal, SIG_IGN);
    ::signal(SIGCHLD,
             SIG_DFL);  // leakgate's parent may have set it to ignored, and then nothing could be reaped
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child, nullptr);
    start();
    keepOnly();
    const int children = ::signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
    watch(children);
    endAll(children);
    while (takeOutput()) {
    }
    ::_exit(0);
  }

 private:
  void start() {
    const pid_t self = ::getpid();
    target_ = ::fork();
    if (target_ == 0) becomeTarget(plan_, self);
    if (target_ < 0) {
      const int error = errno;
      writeAll(plan_.execError, reinterpret_cast<const char*>(&error), sizeof error);
    }
    report(GuardReport::started, 0);
  }

  // Open pipe ends of other targets would hide leakgate's end from their guards.
  void keepOnly() {
    ::close(plan_.execError);
    ::close(plan_.output);
    int highest = STDERR_FILENO;
    for (const int kept : {plan_.outputReader, plan_.logFile, plan_.command, plan_.reports})
      highest = kept > highest ? kept : highest;
    for (int file = STDERR_FILENO + 1; file < highest; ++file)
      if (file != plan_.outputReader && file != plan_.logFile && file != plan_.command &&
          file != plan_.reports)
        ::close(file);
    ::close_range(static_cast<unsigned>(highest) + 1, ~0U, 0);
  }

  // Runs until leakgate closes the command pipe.
  void watch(int children) {
    ::fcntl(plan_.outputReader, F_SETFL, O_NONBLOCK);
    for (;;) {
      std::array<pollfd, 3> ready{{{plan_.command, POLLIN, 0}, {children, POLLIN, 0}, {output(), POLLIN, 0}}};
      if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
      if (ready[0].revents != 0) return;
      if (ready[1].revents != 0) reap(children);
      if (ready[2].revents != 0) takeOutput();
    }
  }

  int output() const { return outputEnded_ ? -1 : plan_.outputReader; }

  // False when there is no output now.
  bool takeOutput() {
    const ssize_t got = ::read(plan_.outputReader, chunk, sizeof chunk);
    if (got == 0) outputEnded_ = true;
    if (got <= 0) return false;
    writeAll(plan_.logFile, chunk, static_cast<std::size_t>(got));
    logBytes_ += got;
    if (logBytes_ >= 2 * kKeptLogBytes) shorten();
    return true;
  }

  // Moves the end of the log to its start.
  void shorten() {
    std::int64_t from = logBytes_ - kKeptLogBytes;
    std::int64_t to = 0;
    for (;;) {
      const ssize_t got = ::pread(plan_.logFile, chunk, sizeof chunk, from);
      if (got <= 0 || ::pwrite(plan_.logFile, chunk, static_cast<std::size_t>(got), to) != got) break;
      from += got;
      to += got;
    }
    if (::ftruncate(plan_.logFile, to) != 0) return;
    ::lseek(plan_.logFile, to, SEEK_SET);
    logBytes_ = to;
  }

  // True when there are no children left.
  bool reap(int children) {
    signalfd_siginfo ignored;
    while (::read(children, &ignored, sizeof ignored) > 0) {
    }
    for (;;) {
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, WNOHANG);
      if (pid < 0) return errno == ECHILD;
      if (pid == 0) return false;
      if (pid != target_) continue;
      while (takeOutput()) {  // its last output arrives before its end is reported
      }
      report(GuardReport::ended, status);
    }
  }

  // Children of killed processes become the guard's own; repeats until there are none.
  void endAll(int children) {
    for (int polls = 0; polls < kMaxKillPolls && !reap(children); ++polls) {
      killChildren();
      pollfd ready{children, POLLIN, 0};
      ::poll(&ready, 1, kKillPollMs);
    }
  }

  static void killChildren() {
    const int list = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return;
    pid_t pid = 0;
    for (ssize_t got = 0; (got = ::read(list, chunk, sizeof chunk)) > 0;) {
      for (ssize_t k = 0; k < got; ++k) {
        if (chunk[k] >= '0' && chunk[k] <= '9') {
          pid = pid * 10 + (chunk[k] - '0');
        } else {
          if (pid > 0) ::kill(pid, SIGKILL);
          pid = 0;
        }
      }
    }
    if (pid > 0) ::kill(pid, SIGKILL);
    ::close(list);
  }

  void report(GuardReport::Kind kind, int status) const {
    const GuardReport message{kind, target_, status};
    writeAll(plan_.reports, reinterpret_cast<const char*>(&message), sizeof message);
  }

  const GuardPlan plan_;
  pid_t target_ = -1;
  std::int64_t logBytes_ = 0;
  bool outputEnded_ = false;
};

}  // namespace

void guardTarget(const GuardPlan& plan) { Guard(plan).run(); }

}  // namespace leakgate
