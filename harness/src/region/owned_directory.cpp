#include "region/owned_directory.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace leakgate {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "leakgate-";
constexpr const char* kLockName = "owner";

fs::path makeDirectory(const fs::path& parent) {
  std::string name = parent / (std::string(kPrefix) + "XXXXXX");
  if (::mkdtemp(name.data()) == nullptr) {
    throw fs::filesystem_error("cannot make a directory", name,
                               std::error_code(errno, std::generic_category()));
  }
  return name;
}

// The file is locked first and filled afterwards: an empty file is not locked yet.
int lockDirectory(const fs::path& directory) {
  const int lock = ::open((directory / kLockName).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string text = "locked by leakgate, pid " + std::to_string(::getpid()) + "\n";
  if (lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) == 0 &&
      ::write(lock, text.data(), text.size()) == static_cast<ssize_t>(text.size()))
    return lock;
  const std::error_code error(errno, std::generic_category());
  if (lock >= 0) ::close(lock);
  std::error_code ignored;
  fs::remove_all(directory, ignored);
  throw fs::filesystem_error("cannot lock the directory", directory, error);
}

bool isAbandoned(const fs::path& directory) {
  const int lock = ::open((directory / kLockName).c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (lock < 0) return false;  // not one of ours, another user's, or still being created
  struct stat status {};
  const bool abandoned = ::fstat(lock, &status) == 0 && status.st_size > 0 && status.st_uid == ::geteuid() &&
                         ::flock(lock, LOCK_EX | LOCK_NB) == 0;
  ::close(lock);
  return abandoned;
}

}  // namespace

void sweepOwnedDirectories(const fs::path& parent) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(kPrefix) || !isAbandoned(entry->path())) continue;
    std::error_code ignored;
    fs::remove_all(entry->path(), ignored);
  }
}

OwnedDirectory::OwnedDirectory(const fs::path& parent) {
  sweepOwnedDirectories(parent);
  path_ = makeDirectory(parent);
  lock_ = lockDirectory(path_);
}

OwnedDirectory::~OwnedDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  ::close(lock_);
}

}  // namespace leakgate
