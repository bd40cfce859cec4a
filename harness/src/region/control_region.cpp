#include "region/control_region.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "region/region_error.hpp"

namespace leakgate {
namespace {

namespace fs = std::filesystem;

fs::path parentDirectory() {
  if (::access("/dev/shm", W_OK | X_OK) == 0) return "/dev/shm";
  const char* temporary = std::getenv("TMPDIR");
  return temporary != nullptr && *temporary != '\0' ? fs::absolute(temporary) : fs::path("/tmp");
}

// The counters of a small server. Many threads and sites need more.
constexpr std::uint64_t kNeededBytes = 16U << 20;

std::uint64_t freeBytes(const fs::path& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0 || status.f_blocks == 0) return UINT64_MAX;  // no limit
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

std::unique_ptr<OwnedDirectory> makeDirectory() {
  const fs::path parent = parentDirectory();
  try {
    sweepOwnedDirectories(parent);  // leftovers of other runs may fill the space
    if (const std::string shortage = shortageOfSpace(parent); !shortage.empty()) throw RegionError(shortage);
    auto directory = std::make_unique<OwnedDirectory>(parent);
    // A target started by root may change its user, and its workers must still be able to create regions.
    if (::geteuid() == 0) ::chmod(directory->path().c_str(), 01777);
    return directory;
  } catch (const fs::filesystem_error& error) {
    throw RegionError(parent.string() + ": cannot make a directory for the counters: " + error.what());
  }
}

// Reserves the space now: a shortage would otherwise be a SIGBUS at the first write.
bool hasSpace(int file, std::size_t bytes) {
  errno = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  return errno == 0;
}

layout::ControlPage* mapPage(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) throw RegionError(path.string() + ": cannot be created: " + std::strerror(errno));
  const bool sized = ::fchmod(file, 0644) == 0 && hasSpace(file, sizeof(layout::ControlPage));
  void* page = sized
                   ? ::mmap(nullptr, sizeof(layout::ControlPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                   : MAP_FAILED;
  const int error = errno;
  ::close(file);
  if (page == MAP_FAILED) throw RegionError(path.string() + ": cannot be mapped: " + std::strerror(error));
  return static_cast<layout::ControlPage*>(page);
}

}  // namespace

ControlRegion::ControlRegion() : directory_(makeDirectory()), page_(mapPage(directory() / "control")) {
  page_->magic = layout::kControlMagic;
  page_->layoutVersion = layout::kLayoutVersion;
}

ControlRegion::~ControlRegion() { ::munmap(page_, sizeof(layout::ControlPage)); }

void ControlRegion::setEpoch(std::uint32_t epoch) {
  __atomic_store_n(&page_->epoch, epoch, __ATOMIC_RELAXED);
}

std::uint32_t ControlRegion::epoch() const { return __atomic_load_n(&page_->epoch, __ATOMIC_RELAXED); }

std::string ControlRegion::writeStackFilter(const std::string& text) const {
  const std::string name = "stack-filter";
  const fs::path file = directory() / name;
  std::ofstream stream(file);
  stream << text;
  stream.close();
  if (!stream) throw RegionError(file.string() + ": cannot be written: " + std::strerror(errno));
  ::chmod(file.c_str(), 0644);  // a target started by root may change its user
  return name;
}

std::string shortageOfSpace(const fs::path& directory) {
  const std::uint64_t left = freeBytes(directory);
  if (left >= kNeededBytes) return "";
  return directory.string() + " is full: " + std::to_string(left >> 10) +
         " KiB are free, and counting needs " + std::to_string(kNeededBytes >> 20) +
         " MiB, more for a target with many threads or processes; make it larger (docker run "
         "--shm-size=256m; "
         "mount -o remount,size=256m /dev/shm), or delete what lies there";
}

}  // namespace leakgate
