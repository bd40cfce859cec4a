#include "replay/object_sampler.hpp"

#include <fstream>
#include <sstream>
#include <string>

#include "region/layout.hpp"

namespace leakgate {
namespace {

// Absent where the kernel is built without CONFIG_CHECKPOINT_RESTORE.
void addTimers(ObjectAmounts& objects, const std::set<pid_t>& pids) {
  for (const pid_t pid : pids) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/timers");
    if (!in) continue;
    ObjectAmount& timers = objects[ResourceKind::timer];
    for (std::string line; std::getline(in, line);) timers.count += line.starts_with("ID:") ? 1 : 0;
  }
}

// "1: POSIX  ADVISORY  WRITE 4242 08:01:77 0 EOF"; "1: -> ..." waits for it.
void addLocks(ObjectAmounts& objects, const std::set<pid_t>& pids) {
  std::ifstream in("/proc/locks");
  if (!in) return;
  ObjectAmount& locks = objects[ResourceKind::lock];
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string number, type, advice, access;
    pid_t pid = 0;
    fields >> number >> type >> advice >> access >> pid;
    if (type != "->" && pids.contains(pid)) ++locks.count;
  }
}

}  // namespace

ObjectSampler::ObjectSampler(const std::filesystem::path& regionDirectory,
                             std::set<std::filesystem::path> ownDirectories)
    : descriptors_(std::move(ownDirectories)), shared_(regionDirectory / layout::kFolderList) {}

void ObjectSampler::addTo(ProcessSample& sample, const std::set<pid_t>& pids) {
  descriptors_.addTo(sample, pids);
  addTimers(sample.objects, pids);
  addLocks(sample.objects, pids);
  shared_.addTo(sample, pids);
}

}  // namespace leakgate
