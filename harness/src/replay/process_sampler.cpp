#include "replay/process_sampler.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
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
  std::ifstream in(procPath(pid) / "statm");
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
  in >> mapped >> resident;
  const auto pageBytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  sample.mappedBytes += mapped * pageBytes;
  sample.rssBytes += resident * pageBytes;
}

// Of /proc/PID/stat what comes after "PID (name) ": the name may hold anything, so the last parenthesis
// counts.
struct ProcessStat {
  char state = 'X';
  std::uint64_t startTicks = 0;

  bool isRunning() const { return state != 'Z' && state != 'X'; }
};

ProcessStat statOf(const std::string& text) {
  constexpr int kFieldsToStart = 19;  // from "state", field 3, to "starttime", field 22
  const auto end = text.rfind(") ");
  ProcessStat stat;
  if (end == std::string::npos) return stat;
  std::istringstream fields(text.substr(end + 2));
  fields >> stat.state;
  std::string skipped;
  for (int i = 1; i < kFieldsToStart; ++i) fields >> skipped;
  fields >> stat.startTicks;
  return stat;
}

ProcessStat readStat(pid_t pid) { return statOf(processFile(pid, "stat")); }

bool anyThreadRuns(pid_t pid) {
  std::error_code error;
  std::filesystem::directory_iterator thread(procPath(pid) / "task", error);
  for (; !error && thread != std::filesystem::directory_iterator(); thread.increment(error)) {
    const char state = statOf(processFile(pid, "task/" + thread->path().filename().string() + "/stat")).state;
    if (state == 'R' || state == 'D') return true;
  }
  return false;
}

void addTree(pid_t pid, ProcessTree& tree);

void addChild(pid_t child, ProcessTree& tree) {
  if (readStat(child).state == 'Z')
    ++tree.zombies;
  else
    addTree(child, tree);
}

void addTree(pid_t pid, ProcessTree& tree) {
  if (!readStat(pid).isRunning() || !tree.running.insert(pid).second) return;
  std::error_code error;
  std::filesystem::directory_iterator thread(procPath(pid) / "task", error);
  for (; !error && thread != std::filesystem::directory_iterator(); thread.increment(error)) {
    std::ifstream children(thread->path() / "children");
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
    row.startTicks = readStat(pid).startTicks;
    row.mappings = countLines(processFile(pid, "maps"));
    addMemory(sample, pid);
    sample.mappings += row.mappings;
    sample.cpuNs += processCpuNs(pid);
  }
  return sample;
}

}  // namespace leakgate
