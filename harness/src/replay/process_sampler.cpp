#include "replay/process_sampler.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace leakgate {
namespace {

std::filesystem::path procPath(pid_t pid) { return std::filesystem::path("/proc") / std::to_string(pid); }

std::uint64_t countEntries(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  std::uint64_t count = 0;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  return count;
}

std::uint64_t countLines(const std::filesystem::path& file) {
  std::ifstream in(file);
  return static_cast<std::uint64_t>(
      std::count(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>(), '\n'));
}

void addMemory(ProcessSample& sample, pid_t pid) {
  std::ifstream in(procPath(pid) / "statm");
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
  in >> mapped >> resident;
  const auto pageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  sample.mappedBytes += mapped * pageBytes;
  sample.rssBytes += resident * pageBytes;
}

// The process's own clock: in nanoseconds, and with the time of threads that have ended.
std::uint64_t cpuNs(pid_t pid) {
  clockid_t clock = 0;
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

// "S" in "PID (name) S ...": the name may hold anything, so the last parenthesis counts.
bool isRunning(pid_t pid) {
  std::ifstream in(procPath(pid) / "stat");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const auto end = text.rfind(") ");
  return end != std::string::npos && text.size() > end + 2 && text[end + 2] != 'Z' && text[end + 2] != 'X';
}

void addTree(pid_t pid, std::set<pid_t>& tree) {
  if (!isRunning(pid) || !tree.insert(pid).second) return;
  std::error_code error;
  std::filesystem::directory_iterator thread(procPath(pid) / "task", error);
  for (; !error && thread != std::filesystem::directory_iterator(); thread.increment(error)) {
    std::ifstream children(thread->path() / "children");
    for (pid_t child = 0; children >> child;) addTree(child, tree);
  }
}

}  // namespace

std::set<pid_t> processTree(pid_t root, const std::vector<pid_t>& others) {
  std::set<pid_t> tree;
  addTree(root, tree);
  for (const pid_t pid : others) addTree(pid, tree);
  return tree;
}

ProcessSample sampleActivity(const std::set<pid_t>& pids) {
  ProcessSample sample;
  for (const pid_t pid : pids) {
    const std::uint64_t threads = countEntries(procPath(pid) / "task");
    if (threads == 0) continue;
    ++sample.processes;
    sample.threads += threads;
    sample.descriptors += countEntries(procPath(pid) / "fd");
  }
  return sample;
}

ProcessSample sampleProcesses(const std::set<pid_t>& pids) {
  ProcessSample sample = sampleActivity(pids);
  for (const pid_t pid : pids) {
    addMemory(sample, pid);
    sample.mappings += countLines(procPath(pid) / "maps");
    sample.cpuNs += cpuNs(pid);
  }
  return sample;
}

}  // namespace leakgate
