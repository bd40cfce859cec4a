// Shell scripts in place of servers, for the tests of what starts and watches a target.
#pragma once

#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

#include "replay/descriptor.hpp"
#include "replay/measure_error.hpp"
#include "replay/server_process.hpp"
#include "replay/temporary_directory.hpp"

namespace leakgate::test {

inline std::filesystem::path writeExecutable(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
  ::chmod(file.c_str(), 0755);
  return file;
}

inline LaunchSpec shell(const TemporaryDirectory& folder, const std::string& script) {
  return {"/bin/sh", {"sh", "-c", script}, {}, folder.path() / "log"};
}

inline std::string logOf(const TemporaryDirectory& folder) {
  std::ifstream file(folder.path() / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

inline constexpr int kPatienceMs = 60'000;  // a busy machine is no failure

/// Waits for the log to satisfy the condition. Woken by each write to it.
inline bool logShows(const TemporaryDirectory& folder,
                     const std::function<bool(const std::string& log)>& condition) {
  const Descriptor changes(::inotify_init1(IN_CLOEXEC));
  if (::inotify_add_watch(changes.get(), folder.path().c_str(), IN_CREATE | IN_MODIFY) < 0) return false;
  alignas(inotify_event) std::array<char, 4096> events;
  while (!condition(logOf(folder))) {
    pollfd changed{changes.get(), POLLIN, 0};
    if (::poll(&changed, 1, kPatienceMs) <= 0) return false;
    if (::read(changes.get(), events.data(), events.size()) <= 0) return false;
  }
  return true;
}

/// Waits for the process number that the script writes as the first line of its log; 0: none came.
inline pid_t loggedPid(const TemporaryDirectory& folder) {
  const auto pidIn = [](const std::string& log) {
    return log.find('\n') == std::string::npos ? 0 : static_cast<pid_t>(std::atoi(log.c_str()));
  };
  return logShows(folder, [&](const std::string& log) { return pidIn(log) > 0; }) ? pidIn(logOf(folder)) : 0;
}

/// Waits for the end of any process, of this one's children or not.
inline bool hasEnded(pid_t pid) {
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return errno == ESRCH;
  pollfd ended{process.get(), POLLIN, 0};
  return ::poll(&ended, 1, kPatienceMs) == 1;
}

/// Waits for what other processes show in /proc or report to their guard, of which the kernel gives no event.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

/// How the process says that it has ended; "" while it runs.
inline std::string endOf(ServerProcess& process) {
  try {
    process.requireAlive();
  } catch (const MeasureError& error) {
    return error.what();
  }
  return "";
}

}  // namespace leakgate::test
