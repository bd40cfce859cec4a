#include "replay/jvm_attach.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "replay/descriptor.hpp"
#include "replay/local_stream.hpp"

namespace leakgate {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPoll{5};

// A file in the JVM's own /tmp.
fs::path temporaryFile(pid_t pid, std::string_view prefix) {
  const std::string number = std::to_string(pid);
  return fs::path("/proc") / number / "root/tmp" / (std::string(prefix) + number);
}

// "SigCgt:	0000000181005ccf" of /proc/PID/status. Without a handler SIGQUIT ends a process.
bool handlesQuit(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    const auto mask = std::strtoull(line.c_str() + 7, nullptr, 16);
    return (mask >> (SIGQUIT - 1) & 1) != 0;
  }
  return false;
}

// Asks the JVM to listen, and waits for it.
bool openAttachSocket(pid_t pid, const fs::path& socket, Clock::time_point deadline) {
  if (!handlesQuit(pid)) return false;
  const fs::path wish = temporaryFile(pid, ".attach_pid");
  const Descriptor made(::open(wish.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made) return false;
  ::kill(pid, SIGQUIT);
  std::error_code ignored;
  while (!fs::exists(socket, ignored) && Clock::now() < deadline) std::this_thread::sleep_for(kPoll);
  fs::remove(wish, ignored);
  return fs::exists(socket, ignored);
}

// Version of the protocol, name of the operation, three arguments; each ends with a zero.
std::string requestOf(std::string_view command) {
  std::string request;
  for (const std::string_view word :
       {std::string_view("1"), std::string_view("jcmd"), command, std::string_view(), std::string_view()}) {
    request.append(word).push_back('\0');
  }
  return request;
}

}  // namespace

std::optional<std::string> askJvm(pid_t pid, std::string_view command, std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  const fs::path socket = temporaryFile(pid, ".java_pid");
  std::error_code ignored;
  if (!fs::exists(socket, ignored) && !openAttachSocket(pid, socket, deadline)) return std::nullopt;
  auto reply = askLocalSocket(socket, requestOf(command), timeout);
  constexpr std::string_view kSuccess = "0\n";
  if (!reply || !reply->starts_with(kSuccess)) return std::nullopt;
  return reply->substr(kSuccess.size());
}

}  // namespace leakgate
