#include "replay/server_process.hpp"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>
#include <thread>

#include "replay/measure_error.hpp"
#include "replay/steady_time.hpp"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace leakgate {
namespace {

constexpr std::size_t kLogTailLines = 20;
constexpr std::size_t kLogTailBytes = 16U << 10;
constexpr std::size_t kLogLineBytes = 200;
constexpr auto kPollInterval = std::chrono::milliseconds(2);

// argv or envp for execve: pointers into `texts`.
std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> mergedEnvironment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) merged.push_back(text);
  }
  for (const auto& [name, value] : added) merged.push_back(name + "=" + value);
  return merged;
}

struct Pipe {
  Descriptor reader, writer;
};

Pipe makePipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw MeasureError(std::string("cannot make a pipe: ") + std::strerror(errno));
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// All that the child needs, made before fork: afterwards only async-signal-safe calls are allowed.
struct ChildPlan {
  const char* executable;
  char* const* arguments;
  char* const* environment;
  int log;
  int input;
  int errorPipe;
  pid_t parent;
  pid_t group;
};

[[noreturn]] void becomeTarget(const ChildPlan& plan) {
  ::setpgid(0, plan.group);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);  // the parent died before prctl
  const int persona = ::personality(0xffffffffUL);
  if (persona != -1) ::personality(static_cast<unsigned long>(persona) | ADDR_NO_RANDOMIZE);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int ignorable : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::signal(ignorable, SIG_DFL);
  ::dup2(plan.input, STDIN_FILENO);
  ::dup2(plan.log, STDOUT_FILENO);
  ::dup2(plan.log, STDERR_FILENO);
  // The target has only these three, whatever leakgate's own parent left open.
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execve(plan.executable, plan.arguments, plan.environment);
  const int error = errno;
  if (::write(plan.errorPipe, &error, sizeof error) < 0) ::_exit(126);
  ::_exit(127);
}

// 0 when exec succeeded: the pipe closed with nothing in it.
int execError(int pipe) {
  int error = 0;
  ssize_t got = 0;
  do got = ::read(pipe, &error, sizeof error);
  while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

// Leads the group and waits for leakgate's end. A target may signal its whole group: that is not for the
// guard.
[[noreturn]] void guardGroup(int pipe) {
  ::setpgid(0, 0);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2}) ::signal(signal, SIG_IGN);
  ::dup2(pipe, STDIN_FILENO);
  ::close_range(STDIN_FILENO + 1, ~0U, 0);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
  }
  ::kill(0, SIGKILL);
  ::_exit(0);
}

int waitFor(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string howItEnded(int status) {
  if (WIFSIGNALED(status)) {
    return std::string("was ended by signal ") + std::to_string(WTERMSIG(status)) + " (" +
           ::strsignal(WTERMSIG(status)) + ")";
  }
  return "ended by itself with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

ServerProcess::ServerProcess(const LaunchSpec& spec) : logFile_(spec.logFile) {
  startGuard();  // first, so that there is no moment without it
  try {
    launch(spec);
  } catch (...) {
    killGroup();
    throw;
  }
}

ServerProcess::~ServerProcess() { killGroup(); }

void ServerProcess::launch(const LaunchSpec& spec) {
  const Descriptor log(::open(spec.logFile.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  const Descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!log || !input) {
    throw MeasureError(spec.logFile.string() + ": cannot be written: " + std::strerror(errno));
  }
  std::vector<std::string> arguments = spec.arguments;
  std::vector<std::string> environment = mergedEnvironment(spec.environment);
  const std::vector<char*> argv = pointersTo(arguments);
  const std::vector<char*> envp = pointersTo(environment);
  Pipe error = makePipe();
  const ChildPlan plan{spec.executable.c_str(), argv.data(), envp.data(), log.get(), input.get(),
                       error.writer.get(),      ::getpid(),  guard_};
  pid_ = ::fork();
  if (pid_ < 0) throw MeasureError(std::string("cannot start a process: ") + std::strerror(errno));
  if (pid_ == 0) becomeTarget(plan);
  error.writer.reset();
  const int failed = execError(error.reader.get());
  if (failed == 0) return;
  waitStatus_ = waitFor(pid_);
  throw MeasureError(spec.executable.string() + ": cannot be started: " + std::strerror(failed));
}

void ServerProcess::startGuard() {
  Pipe pipe = makePipe();
  guardPipe_ = std::move(pipe.writer);
  guard_ = ::fork();
  if (guard_ == 0) guardGroup(pipe.reader.get());
  if (guard_ < 0) throw MeasureError(std::string("cannot start the guard process: ") + std::strerror(errno));
  ::setpgid(guard_, guard_);  // here too: the target joins the group next
}

bool ServerProcess::hasEnded() {
  if (waitStatus_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  waitStatus_ = status;
  return true;
}

void ServerProcess::requireAlive() {
  if (!hasEnded()) return;
  throw TargetFailed("the target " + howItEnded(*waitStatus_));
}

ExitResult ServerProcess::stop(std::chrono::milliseconds drainTimeout) {
  const auto deadline = std::chrono::steady_clock::now() + drainTimeout;
  if (!hasEnded()) ::kill(pid_, SIGTERM);
  while (!hasEnded() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(kPollInterval);
  const bool drained = hasEnded();
  killGroup();
  const int status = *waitStatus_;
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), drained};
}

// Also after the target's end: its children may live on in the group. The group's number is the guard's, so
// it belongs to nobody else until the guard is waited for.
void ServerProcess::killGroup() {
  if (guard_ < 0) return;
  ::kill(-guard_, SIGKILL);
  waitFor(guard_);
  guard_ = -1;
  if (pid_ > 0 && !waitStatus_) waitStatus_ = waitFor(pid_);
}

std::string ServerProcess::logTail() const {
  std::ifstream file(logFile_, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<std::size_t>(file.tellg());
  file.seekg(static_cast<std::streamoff>(size > kLogTailBytes ? size - kLogTailBytes : 0));
  std::deque<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line.size() <= kLogLineBytes ? line : line.substr(0, kLogLineBytes) + "...");
    if (lines.size() > kLogTailLines) lines.pop_front();
  }
  std::string tail;
  for (const std::string& line : lines) tail += "  " + line + "\n";
  return tail;
}

}  // namespace leakgate
