#include "region/process_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <sstream>

namespace leakgate {
namespace {

// The text from "state", field 3, on: "PID (name) state ...". The name may contain anything, so the last
// parenthesis counts.
std::string_view afterName(std::string_view stat) {
  const auto end = stat.rfind(") ");
  return end == std::string_view::npos ? std::string_view() : stat.substr(end + 2);
}

// 0 when the label is not there. The name of a process, which comes first, has its newlines escaped.
std::uint64_t numberAfter(std::string_view text, std::string_view label) {
  const auto found = text.find(label);
  if (found == std::string_view::npos) return 0;
  std::istringstream field{std::string(text.substr(found + label.size()))};
  std::uint64_t number = 0;
  field >> number;
  return number;
}

}  // namespace

std::string processFile(pid_t pid, std::string_view name) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + std::string(name);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text;
  std::array<char, 16384> part;
  ssize_t got = 0;
  while ((got = ::read(file, part.data(), part.size())) > 0 || (got < 0 && errno == EINTR)) {
    if (got > 0) text.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(file);
  return got < 0 ? std::string() : text;
}

ProcessStat processStat(pid_t pid) {
  const std::string text = processFile(pid, "stat");
  ProcessStat stat;
  std::istringstream fields{std::string(afterName(text))};
  std::string skipped;
  if (!(fields >> stat.state >> stat.parent)) return {};
  for (int field = 5; field < 10; ++field) fields >> skipped;
  fields >> stat.minorFaults >> skipped >> stat.majorFaults >> skipped;
  fields >> stat.userTicks >> stat.systemTicks;
  for (int field = 16; field < 20; ++field) fields >> skipped;
  fields >> stat.threads >> skipped >> stat.startTicks;
  return stat;
}

char threadState(pid_t pid, pid_t thread) {
  const std::string text = processFile(pid, "task/" + std::to_string(thread) + "/stat");
  const std::string_view fields = afterName(text);
  return fields.empty() ? 'X' : fields.front();
}

ContextSwitches contextSwitches(pid_t pid, pid_t thread) {
  const std::string status = processFile(pid, "task/" + std::to_string(thread) + "/status");
  return {numberAfter(status, "\nvoluntary_ctxt_switches:"),
          numberAfter(status, "\nnonvoluntary_ctxt_switches:")};
}

std::vector<pid_t> threadsOf(pid_t pid) {
  std::vector<pid_t> threads;
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/" + std::to_string(pid) + "/task", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    threads.push_back(std::stoi(entry->path().filename().string()));
  return threads;
}

}  // namespace leakgate
