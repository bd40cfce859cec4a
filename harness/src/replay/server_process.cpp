#include "replay/server_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>
#include <thread>

#include "replay/measure_error.hpp"
#include "replay/process_guard.hpp"
#include "replay/steady_time.hpp"
#include "scenario/printable.hpp"

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

void blockingRead(int pipe, GuardReport& report) {
  ssize_t got = 0;
  do got = ::read(pipe, &report, sizeof report);
  while (got < 0 && errno == EINTR);
  if (got != sizeof report)
    throw MeasureError("the guard process of the target ended before the target began");
}

// 0 when exec succeeded: the pipe closed with nothing in it.
int execError(int pipe) {
  int error = 0;
  ssize_t got = 0;
  do got = ::read(pipe, &error, sizeof error);
  while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

int waitFor(pid_t pid) {
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(pid, &status, 0);
    if (ended < 0 ? errno != EINTR : !WIFSTOPPED(status)) break;
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
  try {
    launch(spec);
  } catch (...) {
    endAll();
    throw;
  }
}

ServerProcess::~ServerProcess() { endAll(); }

void ServerProcess::launch(const LaunchSpec& spec) {
  const Descriptor log(::open(spec.logFile.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const Descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!log || !input) {
    throw MeasureError(spec.logFile.string() + ": cannot be written: " + std::strerror(errno));
  }
  std::vector<std::string> arguments = spec.arguments;
  std::vector<std::string> environment = mergedEnvironment(spec.environment);
  const std::vector<char*> argv = pointersTo(arguments);
  const std::vector<char*> envp = pointersTo(environment);
  Pipe output = makePipe();
  Pipe error = makePipe();
  Pipe command = makePipe();
  Pipe reports = makePipe();
  const GuardPlan plan{spec.executable.c_str(), argv.data(),         envp.data(), input.get(),
                       output.writer.get(),     output.reader.get(), log.get(),   error.writer.get(),
                       command.reader.get(),    reports.writer.get()};
  guard_ = ::fork();
  if (guard_ < 0) throw MeasureError(std::string("cannot start the guard process: ") + std::strerror(errno));
  if (guard_ == 0) guardTarget(plan);
  command_ = std::move(command.writer);
  reports_ = std::move(reports.reader);
  reports.writer.reset();
  error.writer.reset();
  GuardReport report;
  blockingRead(reports_.get(), report);
  pid_ = report.pid;
  ::fcntl(reports_.get(), F_SETFL, O_NONBLOCK);
  const int failed = execError(error.reader.get());
  if (failed == 0) return;
  throw MeasureError(spec.executable.string() + ": cannot be started: " + std::strerror(failed));
}

bool ServerProcess::hasEnded() {
  GuardReport report;
  if (!waitStatus_ && ::read(reports_.get(), &report, sizeof report) == sizeof report)
    waitStatus_ = report.status;
  return waitStatus_.has_value();
}

ProcessTree ServerProcess::processes() const {
  ProcessTree tree = processTree(guard_, {});
  tree.running.erase(guard_);
  return tree;
}

void ServerProcess::requireAlive() {
  if (!hasEnded()) return;
  std::string text = "the target " + howItEnded(*waitStatus_);
  const std::size_t left = processes().running.size();
  if (left > 0) {
    text += ", and left " + std::to_string(left) + (left == 1 ? " process" : " processes") +
            " behind: it must stay in the foreground; start it without its daemon mode";
  }
  throw TargetFailed(text);
}

ExitResult ServerProcess::stop(std::chrono::milliseconds drainTimeout) {
  const auto deadline = std::chrono::steady_clock::now() + drainTimeout;
  if (!hasEnded()) ::kill(pid_, SIGTERM);
  while (!hasEnded() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(kPollInterval);
  const bool drained = hasEnded();
  endAll();
  const int status = waitStatus_.value_or(SIGKILL);
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), drained};
}

// The guard ends when all processes of the target have.
void ServerProcess::endAll() {
  if (guard_ < 0) return;
  command_.reset();
  waitFor(guard_);
  guard_ = -1;
  hasEnded();
}

std::string ServerProcess::logTail() const {
  std::ifstream file(logFile_, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<std::size_t>(file.tellg());
  file.seekg(static_cast<std::streamoff>(size > kLogTailBytes ? size - kLogTailBytes : 0));
  std::deque<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    const std::string_view start = wholeCharacters(line, kLogLineBytes);
    lines.push_back(printable(start) + (start.size() < line.size() ? "..." : ""));
    if (lines.size() > kLogTailLines) lines.pop_front();
  }
  std::string tail;
  for (const std::string& line : lines) tail += "  " + line + "\n";
  return tail;
}

}  // namespace leakgate
