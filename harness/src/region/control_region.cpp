#include "region/control_region.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

fs::path makeDirectory() {
  std::string name = parentDirectory() / "leakgate-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw RegionError(name + ": cannot make a directory for the counters: " + std::strerror(errno));
  }
  // A target that root starts may change its user, and its workers must still make their regions.
  if (::geteuid() == 0) ::chmod(name.c_str(), 01777);
  return name;
}

layout::ControlPage* mapPage(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) throw RegionError(path.string() + ": cannot be created: " + std::strerror(errno));
  const bool sized = ::fchmod(file, 0644) == 0 && ::ftruncate(file, sizeof(layout::ControlPage)) == 0;
  void* page = sized
                   ? ::mmap(nullptr, sizeof(layout::ControlPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                   : MAP_FAILED;
  const int error = errno;
  ::close(file);
  if (page == MAP_FAILED) throw RegionError(path.string() + ": cannot be mapped: " + std::strerror(error));
  return static_cast<layout::ControlPage*>(page);
}

}  // namespace

ControlRegion::ControlRegion() : directory_(makeDirectory()) {
  try {
    page_ = mapPage(directory_ / "control");
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
    throw;
  }
  page_->magic = layout::kControlMagic;
  page_->layoutVersion = layout::kLayoutVersion;
}

ControlRegion::~ControlRegion() {
  ::munmap(page_, sizeof(layout::ControlPage));
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void ControlRegion::setEpoch(std::uint32_t epoch) {
  __atomic_store_n(&page_->epoch, epoch, __ATOMIC_RELAXED);
}

std::uint32_t ControlRegion::epoch() const { return __atomic_load_n(&page_->epoch, __ATOMIC_RELAXED); }

std::string ControlRegion::writeStackFilter(const std::string& text) const {
  const std::string name = "stack-filter";
  const fs::path file = directory_ / name;
  std::ofstream stream(file);
  stream << text;
  stream.close();
  if (!stream) throw RegionError(file.string() + ": cannot be written: " + std::strerror(errno));
  ::chmod(file.c_str(), 0644);  // a target that root starts may change its user
  return name;
}

}  // namespace leakgate
