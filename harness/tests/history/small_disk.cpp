#include "small_disk.hpp"

#include <fmt/core.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>

namespace leakgate {

bool ownMounts() {
  static const bool own =
      ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return own;
}

SmallDisk::SmallDisk(const std::filesystem::path& folder, std::size_t bytes) : folder_(folder) {
  std::filesystem::create_directories(folder);
  const std::string options = fmt::format("size={}", bytes);
  if (!ownMounts() || ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) != 0)
    whyNot_ = fmt::format("cannot mount a small file system: {}", std::strerror(errno));
}

SmallDisk::~SmallDisk() {
  if (available()) ::umount2(folder_.c_str(), MNT_DETACH);
}

void SmallDisk::grow(std::size_t bytes) const {
  ::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT, fmt::format("size={}", bytes).c_str());
}

}  // namespace leakgate
