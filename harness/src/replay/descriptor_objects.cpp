#include "replay/descriptor_objects.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <string_view>

#include "replay/file_room.hpp"
#include "replay/open_folder.hpp"
#include "replay/tcp_sockets.hpp"

namespace leakgate {
namespace {

constexpr std::uint64_t kLookAtSockets = 8;  // reading their states pays from this rise on
constexpr std::string_view kDeleted = " (deleted)";

std::string linkAt(int folder, const char* name) {
  std::array<char, 4096> text;
  const ssize_t length = ::readlinkat(folder, name, text.data(), text.size());
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

std::uint64_t countLinesWith(const std::string& file, std::string_view start) {
  std::ifstream in(file);
  std::uint64_t count = 0;
  for (std::string line; std::getline(in, line);) count += line.starts_with(start) ? 1 : 0;
  return count;
}

bool isOnTmpfs(std::string_view link) { return link.starts_with("/memfd:") || link.starts_with("/dev/shm/"); }

// One pass over the descriptors of all processes.
class Pass {
 public:
  Pass(ProcessSample& sample, const std::set<std::filesystem::path>& ownDirectories)
      : sample_(sample), ownDirectories_(ownDirectories) {}

  // False when there were more descriptors than the limit.
  bool readAll(const std::set<pid_t>& pids) {
    for (const pid_t pid : pids) {
      if (!readProcess("/proc/" + std::to_string(pid))) return false;
    }
    return true;
  }

  std::uint64_t sockets() const { return sockets_; }

  // Names sockets by their state instead. `pid`: any process in the common network namespace.
  void nameSockets(pid_t pid) {
    const TcpSockets sockets = tcpSocketsIn("/proc/" + std::to_string(pid));
    for (const std::uint64_t inode : inodes_) {
      const auto socket = sockets.find(inode);
      if (socket == sockets.end()) continue;
      --sample_.descriptorTypes["socket"];
      ++sample_.descriptorTypes["TCP socket in " + std::string(toString(socket->second))];
    }
  }

 private:
  bool readProcess(const std::string& process) {
    const OpenFolder folder = openFolder(process + "/fd");
    if (folder == nullptr) return true;  // it has ended
    while (const dirent* entry = ::readdir(folder.get())) {
      if (entry->d_name[0] == '.') continue;
      if (++read_ > kMaxDescriptorsRead) return false;
      const std::string link = linkAt(::dirfd(folder.get()), entry->d_name);
      if (link.starts_with('/'))
        addFile(::dirfd(folder.get()), entry->d_name, link);
      else
        addKernelObject(link, process + "/fdinfo/" + entry->d_name);
    }
    return true;
  }

  void addKernelObject(const std::string& link, const std::string& info) {
    if (link == "anon_inode:inotify")
      sample_.objects[ResourceKind::watch].count += countLinesWith(info, "inotify ");
    else if (link == "anon_inode:[fanotify]")
      sample_.objects[ResourceKind::watch].count +=
          countLinesWith(info, "fanotify ") - countLinesWith(info, "fanotify flags");
    else if (link == "anon_inode:[eventpoll]")
      sample_.objects[ResourceKind::registration].count += countLinesWith(info, "tfd:");
    const auto colon = link.find(':');
    if (link.starts_with("socket:")) {
      ++sockets_;
      inodes_.insert(socketInode(link));
    }
    std::string type = link.starts_with("anon_inode:") ? link.substr(colon + 1) : link.substr(0, colon);
    std::erase_if(type, [](char c) { return c == '[' || c == ']'; });
    if (!type.empty()) ++sample_.descriptorTypes[type == "eventpoll" ? "epoll instance" : type];
  }

  void addFile(int folder, const char* name, const std::string& link) {
    const std::string path = link.ends_with(kDeleted) ? link.substr(0, link.size() - kDeleted.size()) : link;
    const bool deleted = path.size() != link.size();
    const auto parent = std::filesystem::path(path).parent_path();
    if (ownDirectories_.contains(parent)) return;
    if (path.starts_with("/dev/") && !isOnTmpfs(path)) {
      ++sample_.descriptorTypes[path];
      return;
    }
    const bool memory = path.starts_with("/memfd:");
    ++sample_.descriptorTypes[memory ? path.substr(1)
                                     : (deleted ? "deleted file in " : "file in ") + parent.string()];
    struct stat status {};
    if (::fstatat(folder, name, &status, 0) != 0 || !S_ISREG(status.st_mode)) return;
    const bool isNew = seen_.insert({status.st_dev, status.st_ino}).second;
    if (!isNew) return;
    // A named /dev/shm file is counted by its name.
    if (isOnTmpfs(path) && !deleted) return;
    const auto pages = roomOf(status);
    if (isOnTmpfs(path)) sample_.objects[ResourceKind::sharedMemory].bytes += pages;
    if (sample_.openFiles.size() < kMaxOpenFiles)
      sample_.openFiles[link] = isOnTmpfs(path) ? pages : static_cast<std::uint64_t>(status.st_size);
  }

  ProcessSample& sample_;
  const std::set<std::filesystem::path>& ownDirectories_;
  std::size_t read_ = 0;
  std::uint64_t sockets_ = 0;
  std::set<std::uint64_t> inodes_;
  std::set<std::pair<dev_t, ino_t>> seen_;
};

}  // namespace

void DescriptorObjects::addTo(ProcessSample& sample, const std::set<pid_t>& pids) {
  ProcessSample read;
  read.objects[ResourceKind::watch];
  read.objects[ResourceKind::registration];
  Pass pass(read, ownDirectories_);
  if (!pass.readAll(pids)) return;
  if (!firstSockets_) firstSockets_ = pass.sockets();
  if (pass.sockets() > *firstSockets_ + kLookAtSockets && !pids.empty()) pass.nameSockets(*pids.begin());
  for (const auto& [kind, amount] : read.objects) {
    sample.objects[kind].count += amount.count;
    sample.objects[kind].bytes += amount.bytes;
  }
  sample.openFiles = std::move(read.openFiles);
  sample.descriptorTypes = std::move(read.descriptorTypes);
}

}  // namespace leakgate
