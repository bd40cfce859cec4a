#include "revisions/child_command.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>

#include "replay/descriptor.hpp"
#include "replay/measure_error.hpp"
#include "scenario/input_error.hpp"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace leakgate {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPollInterval = std::chrono::milliseconds(2);
constexpr auto kGracePeriod = std::chrono::seconds(2);

// Of `git rev-parse --local-env-vars`, those that name a repository. A hook that calls leakgate has them set.
constexpr std::array<std::string_view, 6> kRepositoryVariables{
    "GIT_DIR=",        "GIT_WORK_TREE=",        "GIT_INDEX_FILE=",
    "GIT_COMMON_DIR=", "GIT_OBJECT_DIRECTORY=", "GIT_PREFIX="};

std::vector<char*> childEnvironment() {
  std::vector<char*> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool names =
        std::any_of(kRepositoryVariables.begin(), kRepositoryVariables.end(),
                    [&](std::string_view name) { return std::string_view(*entry).starts_with(name); });
    if (!names) variables.push_back(*entry);
  }
  variables.push_back(nullptr);
  return variables;
}

Descriptor outputFile(const std::filesystem::path& logFile) {
  if (logFile.empty()) return Descriptor(::memfd_create("leakgate-output", MFD_CLOEXEC));
  return Descriptor(::open(logFile.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644));
}

std::string contentOf(const Descriptor& file) {
  std::string content;
  std::array<char, 1U << 16> part{};
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(file.get(), part.data(), part.size(), at);
    if (got <= 0) return content;
    content.append(part.data(), static_cast<std::size_t>(got));
    at += got;
  }
}

// What posix_spawn needs: files, working directory, process group and signals of the child.
class SpawnPlan {
 public:
  SpawnPlan(const ChildCommand& command, const Descriptor& output, const Descriptor& errors) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, errors.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_addchdir_np(&actions_, command.directory.c_str());
    ::posix_spawnattr_init(&attributes_);
    // InterruptWatch blocks signals, and leakgate ignores SIGPIPE: neither is the child's.
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  pid_t start(std::vector<std::string> arguments) const {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::vector<char*> variables = childEnvironment();
    pid_t child = -1;
    const int error =
        ::posix_spawnp(&child, argv.front(), &actions_, &attributes_, argv.data(), variables.data());
    if (error == 0) return child;
    throw InputError(arguments.front() + ": cannot be started: " + std::strerror(error) +
                     "; install it, or correct PATH");
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// The exit code, or nothing if the child still runs at the deadline or when a stop is requested.
std::optional<int> endBefore(pid_t child, std::optional<Clock::time_point> deadline,
                             const std::stop_token& stop) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    if (ended < 0 && errno != EINTR) return 128 + SIGKILL;
    if (stop.stop_requested() || (deadline && Clock::now() >= *deadline)) return std::nullopt;
    std::this_thread::sleep_for(kPollInterval);
  }
}

// The leader may end before a compiler that it has started has removed its temporary files.
void endGroup(pid_t leader) {
  const auto deadline = Clock::now() + kGracePeriod;
  ::kill(-leader, SIGTERM);
  const bool ended = endBefore(leader, deadline, {}).has_value();
  while (ended && ::kill(-leader, 0) == 0 && Clock::now() < deadline)
    std::this_thread::sleep_for(kPollInterval);
  ::kill(-leader, SIGKILL);
  if (!ended) endBefore(leader, std::nullopt, {});
}

}  // namespace

ChildEnd runToEnd(const ChildCommand& command, const std::stop_token& stop,
                  std::optional<std::chrono::seconds> limit) {
  const bool logged = !command.logFile.empty();
  const Descriptor output = outputFile(command.logFile);
  const Descriptor errors = outputFile({});
  if (!output || !errors)
    throw MeasureError(command.logFile.string() + ": cannot be written: " + std::strerror(errno));
  const SpawnPlan plan(command, output, logged ? output : errors);
  const pid_t child = plan.start(command.arguments);
  std::optional<Clock::time_point> deadline;
  if (limit) deadline = Clock::now() + *limit;
  const auto status = endBefore(child, deadline, stop);
  if (status) return {*status, logged ? "" : contentOf(output), logged ? "" : contentOf(errors)};
  endGroup(child);
  if (stop.stop_requested()) throw Interrupted();
  throw OutOfTime(fmt::format("{} took more than {} s", command.arguments.front(), limit->count()));
}

}  // namespace leakgate
