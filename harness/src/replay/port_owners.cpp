#include "replay/port_owners.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <string_view>

#include "replay/executable.hpp"
#include "replay/tcp_sockets.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {
namespace {

namespace fs = std::filesystem;

class OwnerSearch {
 public:
  OwnerSearch(TcpSockets sockets, const fs::path& proc) : sockets_(std::move(sockets)), proc_(proc) {}

  void lookAt(pid_t pid) {
    if (!seen_.insert(pid).second) return;
    PortOwner owner{pid, false, false};
    std::error_code error;
    fs::directory_iterator fd(proc_ / std::to_string(pid) / "fd", error);
    for (; !error && fd != fs::directory_iterator(); fd.increment(error)) {
      std::error_code gone;
      const auto socket = sockets_.find(socketInode(fs::read_symlink(fd->path(), gone).string()));
      if (socket == sockets_.end()) continue;
      (socket->second == TcpState::listen ? owner.listens : owner.serves) = true;
      owned_.insert(socket->first);
    }
    if (owner.listens || owner.serves) owners_.emplace(pid, owner);
  }

  bool allOwned() const { return owned_.size() == sockets_.size(); }

  std::vector<PortOwner> owners() const {
    std::vector<PortOwner> sorted;
    const auto isHidden = [this](const auto& socket) {
      return socket.second == TcpState::listen && !owned_.contains(socket.first);
    };
    if (std::any_of(sockets_.begin(), sockets_.end(), isHidden)) sorted.push_back({0, true, false});
    for (const auto& [pid, owner] : owners_) sorted.push_back(owner);
    return sorted;
  }

 private:
  TcpSockets sockets_;
  fs::path proc_;
  std::set<pid_t> seen_;
  std::set<std::uint64_t> owned_;
  std::map<pid_t, PortOwner> owners_;
};

pid_t pidOf(const fs::path& process) {
  const std::string name = process.filename().string();
  pid_t pid = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
  return parsed.ec == std::errc() && parsed.ptr == name.data() + name.size() ? pid : 0;
}

bool hasPreload(const fs::path& process) {
  std::ifstream in(process / "environ", std::ios::binary);
  for (std::string variable; std::getline(in, variable, '\0');)
    if (variable.starts_with("LD_PRELOAD=") && variable.find("leakgate_shim") != std::string::npos)
      return true;
  return false;
}

bool hasPrivilege(const fs::path& executable) {
  struct stat info {};
  return ::getxattr(executable.c_str(), "security.capability", nullptr, 0) > 0 ||
         (::stat(executable.c_str(), &info) == 0 && (info.st_mode & (S_ISUID | S_ISGID)) != 0);
}

}  // namespace

std::vector<PortOwner> ownersOfPort(std::uint16_t port, const std::set<pid_t>& likely, const fs::path& proc) {
  OwnerSearch search(tcpSocketsOf(port, proc), proc);
  for (const pid_t pid : likely) search.lookAt(pid);
  std::error_code error;
  fs::directory_iterator process(proc, error);
  for (; !search.allOwned() && !error && process != fs::directory_iterator(); process.increment(error)) {
    if (const pid_t pid = pidOf(process->path()); pid != 0) search.lookAt(pid);
  }
  return search.owners();
}

std::optional<bool> mapsFile(pid_t pid, const fs::path& file, const fs::path& proc) {
  std::ifstream in(proc / std::to_string(pid) / "maps");
  const std::string ending = " " + file.string();
  bool read = false;
  for (std::string line; std::getline(in, line); read = true)
    if (line.ends_with(ending)) return true;
  return read ? std::optional(false) : std::nullopt;
}

std::string whyNotPreloaded(pid_t pid, const fs::path& proc) {
  const fs::path process = proc / std::to_string(pid);
  const fs::path executable = process / "exe";
  if (hasPrivilege(executable)) {
    return "its file has capabilities or is setuid, and the dynamic linker ignores LD_PRELOAD there; measure "
           "a "
           "copy of the file, which drops them";
  }
  try {
    checkPreloadable(executable);
  } catch (const InputError& error) {
    const std::string text = error.what();
    const auto reason = text.find("into it: ");
    return reason == std::string::npos ? text : text.substr(reason + 9);
  }
  if (!hasPreload(process)) {
    return "it was started with a cleared environment, without LD_PRELOAD and LEAKGATE_*; start the server "
           "itself, or let what starts it (env -i, sudo, a supervisor) keep these variables";
  }
  return "it was started before the shim could be loaded, or left its namespace; start the server itself, in "
         "the foreground";
}

}  // namespace leakgate
