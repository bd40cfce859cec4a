#include "replay/shared_objects.hpp"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <vector>

#include "replay/file_room.hpp"
#include "replay/open_folder.hpp"

namespace leakgate {
namespace {

constexpr const char* kSharedMemoryFolder = "/dev/shm";
constexpr const char* kMessageQueueFolder = "/dev/mqueue";

struct SystemVTable {
  const char* file;
  ResourceKind kind;
  std::size_t userColumn;
  std::size_t bytesColumn;    ///< 0: none
  std::size_t creatorColumn;  ///< the process; 0: none
};
// key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap
// key semid perms nsems uid gid cuid cgid otime ctime
// key msqid perms cbytes qnum lspid lrpid uid gid cuid cgid stime rtime ctime
constexpr SystemVTable kSystemV[]{{"/proc/sysvipc/shm", ResourceKind::sharedMemory, 9, 14, 4},
                                  {"/proc/sysvipc/sem", ResourceKind::semaphore, 6, 0, 0},
                                  {"/proc/sysvipc/msg", ResourceKind::messageQueue, 9, 3, 0}};

// "Uid:	1000	1000	1000	1000" of /proc/PID/status: real, effective, saved, of the file system.
void addUser(std::set<uid_t>& users, pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    std::istringstream fields(line);
    std::string name;
    uid_t real = 0;
    uid_t effective = 0;
    if (fields >> name >> real >> effective && name == "Uid:") users.insert(effective);
  }
}

// Whose objects count. While no user is known, all do.
struct Owners {
  const std::set<uid_t>& users;
  const std::set<pid_t>& pids;

  bool includeUser(uid_t user) const { return users.empty() || users.contains(user); }
  /// One that has ended may have been the target's.
  bool includeCreator(pid_t pid) const { return pid <= 0 || pids.contains(pid) || ::kill(pid, 0) != 0; }
};

// Nothing when it does not exist, or has more entries than the limit.
std::optional<std::vector<std::string>> namesIn(const std::string& directory) {
  const OpenFolder folder = openFolder(directory);
  if (folder == nullptr) return std::nullopt;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || entry->d_type == DT_DIR) continue;
    if (names.size() == kMaxNamesRead) return std::nullopt;
    names.push_back(name);
  }
  return names;
}

// Rows by their id.
std::map<std::string, std::vector<std::string>> rowsOf(const char* table) {
  std::ifstream in(table);
  std::string line;
  std::getline(in, line);
  std::map<std::string, std::vector<std::string>> rows;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::vector<std::string> row(std::istream_iterator<std::string>(fields), {});
    if (row.size() > 1) rows[row[1]] = std::move(row);
  }
  return rows;
}

std::uint64_t numberIn(const std::vector<std::string>& row, std::size_t column) {
  return column != 0 && column < row.size() ? std::strtoull(row[column].c_str(), nullptr, 10) : 0;
}

void addSystemV(ObjectAmounts& objects, const SystemVTable& table, const std::set<std::string>& before,
                const Owners& owners) {
  ObjectAmount& amount = objects[table.kind];
  for (const auto& [id, row] : rowsOf(table.file)) {
    if (before.contains(id) || !owners.includeUser(static_cast<uid_t>(numberIn(row, table.userColumn))) ||
        !owners.includeCreator(static_cast<pid_t>(numberIn(row, table.creatorColumn))))
      continue;
    ++amount.count;
    amount.bytes += numberIn(row, table.bytesColumn);
  }
}

void addSharedMemoryNames(ObjectAmounts& objects, const std::set<std::string>& before, const Owners& owners) {
  for (const auto& name : namesIn(kSharedMemoryFolder).value_or(std::vector<std::string>())) {
    struct stat status {};
    const std::string path = std::string(kSharedMemoryFolder) + "/" + name;
    if (before.contains(name) || ::stat(path.c_str(), &status) != 0 || !owners.includeUser(status.st_uid))
      continue;
    const bool semaphore = name.starts_with("sem.");
    ObjectAmount& amount = objects[semaphore ? ResourceKind::semaphore : ResourceKind::sharedMemory];
    ++amount.count;
    if (!semaphore) amount.bytes += roomOf(status);
  }
}

void addMessageQueues(ObjectAmounts& objects, const std::set<std::string>& before) {
  const auto names = namesIn(kMessageQueueFolder);
  if (!names) return;
  objects[ResourceKind::messageQueue].count += static_cast<std::uint64_t>(
      std::count_if(names->begin(), names->end(), [&](const auto& name) { return !before.contains(name); }));
}

// Directories count too. Nothing beyond kMaxNamesRead.
std::optional<ObjectAmount> filesIn(const std::filesystem::path& folderList) {
  std::ifstream in(folderList);
  std::set<std::string> folders;
  for (std::string line; std::getline(in, line);) folders.insert(line);
  ObjectAmount files;
  for (const auto& folder : folders) {
    const OpenFolder open = openFolder(folder);
    while (open != nullptr && ::readdir(open.get()) != nullptr) {
      if (++files.count > kMaxNamesRead) return std::nullopt;
    }
  }
  return files;
}

}  // namespace

SharedObjects::SharedObjects(std::filesystem::path folderList) : folderList_(std::move(folderList)) {
  for (const auto& table : kSystemV)
    for (const auto& [id, row] : rowsOf(table.file)) before_[table.file].insert(id);
  for (const char* folder : {kSharedMemoryFolder, kMessageQueueFolder}) {
    const auto names = namesIn(folder).value_or(std::vector<std::string>());
    before_[folder].insert(names.begin(), names.end());
  }
}

void SharedObjects::addTo(ProcessSample& sample, const std::set<pid_t>& pids) {
  static const Names kNone;
  for (const pid_t pid : pids) addUser(users_, pid);
  const Owners owners{users_, pids};
  const auto before = [&](const char* list) -> const Names& {
    const auto found = before_.find(list);
    return found == before_.end() ? kNone : found->second;
  };
  for (const auto& table : kSystemV) addSystemV(sample.objects, table, before(table.file), owners);
  addSharedMemoryNames(sample.objects, before(kSharedMemoryFolder), owners);
  addMessageQueues(sample.objects, before(kMessageQueueFolder));
  if (const auto files = filesIn(folderList_)) sample.objects[ResourceKind::file] = *files;
}

void addUnlistedQueues(ProcessSample& sample, const MemorySnapshot& memory,
                       const std::filesystem::path& list) {
  constexpr auto kQueueFileSystem = 0x19800202;  // MQUEUE_MAGIC of ipc/mqueue.c
  struct statfs status {};
  if (::statfs(list.c_str(), &status) == 0 && status.f_type == kQueueFileSystem) return;
  std::int64_t queues = 0;
  for (const ResourceRow& row : memory.resources) {
    if (row.kind == ResourceKind::posixQueue) queues += static_cast<std::int64_t>(row.opened - row.closed);
  }
  if (queues > 0) sample.objects[ResourceKind::messageQueue].count += static_cast<std::uint64_t>(queues);
}

}  // namespace leakgate
