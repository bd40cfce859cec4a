#include "replay/process_sampler.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "region/process_file.hpp"

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

std::uint64_t countLines(const std::string& text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

void addMemory(ProcessSample& sample, pid_t pid) {
  std::istringstream in(processFile(pid, "statm"));
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
  in >> mapped >> resident;
  const auto pageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  sample.mappedBytes += mapped * pageBytes;
  sample.rssBytes += resident * pageBytes;
}

// The kernel counts both parts in ticks, and their sum exactly.
std::uint64_t systemPart(const ProcessStat& stat, std::uint64_t cpuNs) {
  const auto system = static_cast<double>(stat.systemTicks);
  const double all = static_cast<double>(stat.userTicks) + system;
  return all == 0 ? 0 : static_cast<std::uint64_t>(static_cast<double>(cpuNs) * (system / all));
}

bool anyThreadRuns(pid_t pid) {
  const auto threads = threadsOf(pid);
  return std::any_of(threads.begin(), threads.end(), [pid](pid_t thread) {
    const char state = threadState(pid, thread);
    return state == 'R' || state == 'D';
  });
}

void addTree(pid_t pid, ProcessTree& tree);

void addChild(pid_t child, ProcessTree& tree) {
  if (processStat(child).state == 'Z')
    ++tree.zombies;
  else
    addTree(child, tree);
}

void addTree(pid_t pid, ProcessTree& tree) {
  if (!processStat(pid).isRunning() || !tree.running.insert(pid).second) return;
  for (const pid_t thread : threadsOf(pid)) {
    std::istringstream children(processFile(pid, "task/" + std::to_string(thread) + "/children"));
    for (pid_t child = 0; children >> child;) addChild(child, tree);
  }
}

}  // namespace

std::uint64_t processCpuNs(pid_t pid) {
  clockid_t clock = 0;
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

ProcessTree processTree(pid_t root, const std::vector<pid_t>& others) {
  ProcessTree tree;
  addTree(root, tree);
  for (const pid_t pid : others) addTree(pid, tree);
  return tree;
}

bool anyRuns(const ProcessTree& tree) {
  return std::any_of(tree.running.begin(), tree.running.end(), anyThreadRuns);
}

ProcessSample sampleActivity(const ProcessTree& tree) {
  ProcessSample sample;
  sample.zombies = tree.zombies;
  for (const pid_t pid : tree.running) {
    ProcessRow row;
    row.pid = pid;
    row.threads = countEntries(procPath(pid) / "task");
    if (row.threads == 0) continue;
    row.descriptors = countEntries(procPath(pid) / "fd");
    ++sample.processes;
    sample.threads += row.threads;
    sample.descriptors += row.descriptors;
    sample.rows.push_back(row);
  }
  return sample;
}

ProcessSample sampleProcesses(const ProcessTree& tree) {
  ProcessSample sample = sampleActivity(tree);
  for (ProcessRow& row : sample.rows) {
    const auto pid = static_cast<pid_t>(row.pid);
    const ProcessStat stat = processStat(pid);
    row.startTicks = stat.startTicks;
    row.mappings = countLines(processFile(pid, "maps"));
    addMemory(sample, pid);
    sample.mappings += row.mappings;
    const std::uint64_t cpuNs = processCpuNs(pid);
    sample.cpuNs += cpuNs;
    sample.systemCpuNs += systemPart(stat, cpuNs);
    sample.minorFaults += stat.minorFaults;
    sample.majorFaults += stat.majorFaults;
  }
  return sample;
}

std::map<std::int64_t, ContextSwitches> sampleSwitches(const std::set<pid_t>& pids) {
  std::map<std::int64_t, ContextSwitches> switches;
  for (const pid_t pid : pids)
    for (const pid_t thread : threadsOf(pid)) switches[thread] = contextSwitches(pid, thread);
  return switches;
}

}  // namespace leakgate
